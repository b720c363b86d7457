"""Running the platform: settings, roles and the verbs of `luotsi`."""
