"""(room aws)"""
