"""What a span of the model can be, by its form and by what stands around it."""
