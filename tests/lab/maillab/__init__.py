"""The lab: real mail and name servers in a network namespace of their own."""
