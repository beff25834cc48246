// Every limit of the client: meaning, unit, default, and what it costs in RAM. A build changes one by editing it here
// or, for those that a firmware author sets, by the options of `Client`.

/** Largest datagram that is received or sent, bytes: two buffers of this size. RFC 7252 4.6 advises 1152. */
export const DATAGRAM_BYTES = 1280;

/** Largest block of a block-wise transfer as SZX, 0..6: 16 << (SZX) bytes. 6 is 1024 bytes. RFC 7959 2.2. */
export const BLOCK_SZX = 6;

/** Largest representation that is assembled from blocks or sent in blocks, bytes; allocated only while one is under way. */
export const REPRESENTATION_BYTES = 8192;

/** How long an unfinished block-wise transfer is kept, ms. 247 s is EXCHANGE_LIFETIME, RFC 7252 4.8.2. */
export const BLOCK_TRANSFER_MS = 247_000;

/** Confirmable messages that may be in flight to one server: EXCHANGES, and the registration's or a separate response. 40 B + the message each. */
export const TRANSMISSIONS = 5;

/** Requests of ours that may wait for an answer at one server. 60 B each. */
export const EXCHANGES = 4;

/** Answers to non-idempotent requests that are kept for duplicates, a server. 48 B each. */
export const DUPLICATES = 8;

/** Largest answer that is kept for duplicates, bytes; all but those to GET and FETCH fit. */
export const DUPLICATE_ANSWER_BYTES = 40;

/** Requests that handlers have put off (separate responses), a server. 100 B + the request each. */
export const DEFERRED_REQUESTS = 2;

/** How long a handler may take to answer a request that it put off, ms. */
export const DEFERRED_MS = 120_000;

/** Observations in all, single and composite. 390 B each; a composite one 680 B, 75 B a path more, and 200 B a path that has thresholds. */
export const OBSERVATIONS = 32;

/** A notification is confirmable where the last such one is this long ago, ms: once a day, RFC 7641 4.5. */
export const CONFIRM_MS = 86_400_000;

/** Samples of all time series together, 16 B each; a resource's are allocated when its cache is enabled. */
export const CACHE_SAMPLES = 2048;

/** Resources with a time series. 320 B each beside their samples. */
export const CACHES = 16;

/** Samples of all time series together that storage may hold, about 8 B each there. */
export const STORED_SAMPLES = 20_480;

/** Samples of a stored time series that are in RAM, 16 B each: at most so many are an entry of the storage. 1..127. */
export const RING_SAMPLES = 64;

/** Largest entry of samples, bytes; allocated while it is written or read. RING_SAMPLES of 17 B and 13 fit at worst. */
export const SEGMENT_BYTES = 1101;

/**
 * How long a sample may be in RAM only, ms: what a power cut loses. The shorter, the more bytes are written: 25 B a sample
 * where each is written alone, 9 B where 10 go together.
 */
export const SAMPLE_COPY_MS = 60_000;

/** Entries that hold copies of the samples in RAM, before these become a segment. 1..1296. */
export const TAIL_ENTRIES = 64;

/** Sends that may wait or be under way, at all servers. 250 B each, and 160 B a value of those that wait offline. */
export const SENDS = 8;

/** Sets of notification attributes in all. 190 B with one attribute, 32 B for each more. */
export const ATTRIBUTE_SETS = 32;

/** Paths of one composite operation. 8 B each while it is being handled or observed. */
export const COMPOSITE_PATHS = 16;

/** Longest text that a server may write, bytes, where the definition gives no range. */
export const TEXT_BYTES = 512;

/** Longest opaque value that a server may write, bytes, where the definition gives no range. */
export const OPAQUE_BYTES = 4096;

/** The lifetime where none is given, s. */
export const LIFETIME_SECONDS = 300;

/** Least time from an Update to the next one of the device's own accord, s; and the least lifetime that has an Update of its own. */
export const UPDATE_MARGIN_SECONDS = 15;

/** First delay between attempts to register, s; doubled each time. OMA-TS-LightweightM2M_Core-V1_1_1 6.2.1.2. */
export const RETRY_SECONDS = 60;

/** Attempts to register in one communication sequence. */
export const RETRY_COUNT = 5;

/** Pause after a failed communication sequence, s. */
export const SEQUENCE_DELAY_SECONDS = 86_400;

/** Such sequences before the registration counts as failed. OMA-TS-LightweightM2M_Core-V1_1_1 E.2, 1/x/20. */
export const SEQUENCE_COUNT = 1;

/** How long a disabled server is left alone where it does not say, s. 1/x/5. */
export const DISABLE_SECONDS = 86_400;

/** First delay between Updates that nobody answers, s; doubled six times, and a quarter more at random. */
export const UPDATE_RETRY_SECONDS = 15;

/** First delay before a connection that failed is opened again, s; doubled six times, and a quarter more at random. */
export const REOPEN_SECONDS = 15;

/** Queue mode: how long the device listens after the last message, s. MAX_TRANSMIT_WAIT, RFC 7252 4.8.2. */
export const AWAKE_SECONDS = 93;

/** Messages to one server that wait until it can be reached: the oldest goes first where there are more. */
export const HELD_MESSAGES = 32;

/** Their bytes in all, a server; allocated while they wait. */
export const HELD_BYTES = 4096;

/** Bootstrap: how long the server may be silent before the transfer has failed, s. EXCHANGE_LIFETIME, RFC 7252 4.8.2. */
export const BOOTSTRAP_SILENCE_SECONDS = 247;

/** First delay between bootstraps that fail, s; doubled six times, and a quarter more at random. */
export const BOOTSTRAP_RETRY_SECONDS = 60;

/** Firmware: what may stand around a package that a server writes (JSON, CBOR, TLV), bytes. Not kept. */
export const FRAME_BYTES = 256;

/**
 * Firmware: bytes of a download between two writes of its position to storage, a multiple of 4096: at most so much comes
 * twice after a power cut. 1 MB makes 64 writes.
 */
export const FOTA_SAVE_BYTES = 16_384;

/** Firmware: attempts in a row that bring nothing before a download is given up (result 4). */
export const FOTA_ATTEMPTS = 5;

/** Firmware: first delay between such attempts, s; doubled each time, and a quarter more at random. */
export const FOTA_RETRY_SECONDS = 10;

/** Firmware: how long a server may send nothing in a download by HTTP, s. */
export const FOTA_SILENCE_SECONDS = 60;

/** Firmware: how long the device still listens after the order to update, ms: for an order that is repeated. */
export const FOTA_PAUSE_MS = 1000;

/** Firmware: how long the restart waits for servers to acknowledge the state Updating, s. */
export const FOTA_TELL_SECONDS = 20;

/** Firmware: how often the application is asked again whether a deferred update may begin, ms. */
export const FOTA_DEFER_MS = 60_000;

/** Firmware: attempts to start one image, where the power is cut between the order and the restart. */
export const FOTA_INSTALLS = 2;

/** Longest line in the head of an HTTP answer, bytes; the rest of a longer one is passed over. */
export const HTTP_LINE_BYTES = 320;

/** Redirections that a download by HTTP follows. */
export const HTTP_REDIRECTIONS = 3;

/** What of a TLS connection (firmware by https) has come and waits to be decrypted, bytes. */
export const TLS_IN_BYTES = 512;

/** What of a TLS connection is encrypted and waits for TCP, bytes. */
export const TLS_OUT_BYTES = 256;

/** Longest line that the shell takes, bytes: a key of 128 hexadecimal digits fits. */
export const SHELL_LINE_BYTES = 160;

/** What the shell keeps of earlier lines, bytes. */
export const SHELL_HISTORY_BYTES = 96;

/** What the shell holds for a serial port that is not ready, bytes: at least 60 more than a line. */
export const SHELL_OUTPUT_BYTES = 224;

/** Largest datagram of a server with DTLS, bytes: its handshake may fill an Ethernet frame. One buffer out, one in. */
export const DTLS_DATAGRAM_BYTES = 1500;

/** Sequence numbers that one save of a DTLS session reserves, 1..4096: a write to storage for about so many records. */
export const DTLS_SAVE_RECORDS = 256;

/** Largest saved DTLS session, bytes; allocated while it is saved. */
export const DTLS_STATE_BYTES = 400;

/**
 * Elliptic-curve operations at a time while a DTLS handshake with certificates computes, 0: all at once. Between two slices
 * the client does what is due and the watchdog is fed. On a Cortex-M4 such a handshake takes 70 million instructions in
 * all (1.1 s at 64 million a second); with 200 it is 80 slices, the longest of 2.8 million (44 ms), with 400 41 of 3.6.
 * Mbed TLS 4 computes the key exchange at once, which is 41 % of the whole.
 */
export const DTLS_SLICE = 200;
