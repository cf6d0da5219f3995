"""What training/compare_mechanisms.py measures, and how."""
