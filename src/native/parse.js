// The function of ../coap/parse.ts in C: the same result, the same fields of the message.
function parse(message, datagram, length) @ "xs_coap_parse";

export { parse };
