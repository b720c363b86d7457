"""The story of Havu Oy, and a player that lives through it by HTTP. Knows the services' words, not their code."""
