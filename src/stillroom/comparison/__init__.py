"""(room comparison)"""
