"""Requests and answers in the shapes of the AWS service models."""
