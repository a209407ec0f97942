# The smallest script.
echo hello
