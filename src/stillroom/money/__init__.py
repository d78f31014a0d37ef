"""(room money)"""
