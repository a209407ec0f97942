side_effect = true
