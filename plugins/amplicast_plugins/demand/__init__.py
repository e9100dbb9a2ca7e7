"""What users ask of the pool: tokens served by all providers, and chat assistants bottom up."""
