"""(room records)"""
