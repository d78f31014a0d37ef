"""(room steps)"""
