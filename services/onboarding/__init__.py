"""Onboarding (perehdytys): from the honest preview of the job to the last stage signed off."""
