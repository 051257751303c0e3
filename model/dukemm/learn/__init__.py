"""What is learned of one family: experts, each scored on examples it did not see, and their calibrated mixture."""
