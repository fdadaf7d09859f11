"""The admin listener: probes, metrics, and an API that shows what is in force and changes what may change."""
