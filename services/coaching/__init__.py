"""Coaching (valmennus): conversations that are kept and returned to, good work defined, agents who train agents."""
