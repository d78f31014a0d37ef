"""(room report)"""
