"""(room store)"""
