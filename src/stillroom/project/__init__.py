"""(room project)"""
