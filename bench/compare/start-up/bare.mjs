// Node.js alone: what all others are measured above.
