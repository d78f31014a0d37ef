"""(room pictures)"""
