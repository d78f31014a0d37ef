"""(room background)"""
