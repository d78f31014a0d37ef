"""(room keywords)"""
