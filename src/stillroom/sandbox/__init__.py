"""(room sandbox)"""
