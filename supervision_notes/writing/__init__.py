"""What is written anew: forms with what is known filled in, drafts, cohorts and sign-offs."""
