// Ends the program.
function exit(status) @ "xs_linux_exit";

export { exit };
