"""(room labeling)"""
