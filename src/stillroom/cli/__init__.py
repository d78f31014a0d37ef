"""(room cli)"""
