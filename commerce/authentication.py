"""From the text of a credential to the viewer it stands for."""
