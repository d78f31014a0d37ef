"""(room serving)"""
