/**
 * The extension permessage-deflate (RFC 7692): its negotiation, and how an end wants to use it. Compression is off unless
 * both ends agree.
 *
 * <pre>
 *   client                                                    server
 *   ClientDeflate.offers ── ClientHandshake ─────────────────▶ ServerHandshake ── ServerDeflate.negotiate
 *   ClientDeflate.agreement ◀───────────────────────────────── ServerDeflate.agreement
 *     │                                                          │
 *   WebSocketEngine.client(settings, agreement)                WebSocketEngine.server(settings, agreement)
 * </pre>
 *
 * <p><b>Windows.</b> All windows from 8 to 15 bits are kept, in both directions. Inbound, the inflater of {@code java.util.zip}
 * has the largest window and reads what was written for any other. Outbound, its deflater has the largest window only; for a
 * smaller one it is begun anew each time that as many bytes have passed through it as the window holds, with the last half of
 * them as a preset dictionary, so that no reference reaches further back than the window. That costs five bytes and a set of
 * codes each time. The alternatives that java.base offers are a full flush each time and Huffman codes alone; zlib with a
 * real window is out of reach from Java, and does not do 8 bits.
 *
 * <table class="striped">
 * <caption>Size of the output in per cent of the input, at level 6, with context takeover</caption>
 * <thead><tr><th>window bits</th><th>8</th><th>9</th><th>10</th><th>11</th><th>12</th><th>13</th><th>14</th><th>15</th></tr></thead>
 * <tbody>
 * <tr><td>JSON messages of 60–400 bytes: here</td><td>70.9</td><td>53.8</td><td>47.2</td><td>42.1</td><td>38.1</td><td>34.9</td><td>32.4</td><td>30.1</td></tr>
 * <tr><td>JSON messages of 60–400 bytes: zlib</td><td>–</td><td>54.2</td><td>45.5</td><td>40.4</td><td>36.6</td><td>33.6</td><td>31.5</td><td>30.1</td></tr>
 * <tr><td>JSON messages of 60–400 bytes: full flush every 2^bits</td><td>72.0</td><td>60.4</td><td>53.0</td><td>47.2</td><td>42.5</td><td>38.5</td><td>35.4</td><td>–</td></tr>
 * <tr><td>JSON messages of 60–400 bytes: Huffman only</td><td>72.6</td><td>72.6</td><td>72.6</td><td>72.6</td><td>72.6</td><td>72.6</td><td>72.6</td><td>72.6</td></tr>
 * <tr><td>JSON messages of 6 KB: here</td><td>30.4</td><td>24.9</td><td>19.9</td><td>16.8</td><td>15.0</td><td>14.0</td><td>13.6</td><td>13.1</td></tr>
 * <tr><td>JSON messages of 6 KB: zlib</td><td>–</td><td>15.2</td><td>13.7</td><td>13.9</td><td>13.6</td><td>13.2</td><td>13.3</td><td>13.1</td></tr>
 * <tr><td>JSON messages of 6 KB: full flush every 2^bits</td><td>51.1</td><td>35.1</td><td>25.3</td><td>20.0</td><td>17.0</td><td>15.2</td><td>14.2</td><td>–</td></tr>
 * <tr><td>JSON messages of 6 KB: Huffman only</td><td>59.7</td><td>59.7</td><td>59.7</td><td>59.7</td><td>59.7</td><td>59.7</td><td>59.7</td><td>59.7</td></tr>
 * <tr><td>source code in messages of 64 KiB: here</td><td>64.4</td><td>52.4</td><td>42.5</td><td>35.6</td><td>31.2</td><td>27.9</td><td>25.5</td><td>22.9</td></tr>
 * <tr><td>source code in messages of 64 KiB: zlib</td><td>–</td><td>42.3</td><td>34.8</td><td>30.7</td><td>28.2</td><td>26.0</td><td>24.2</td><td>22.9</td></tr>
 * <tr><td>source code in messages of 64 KiB: full flush every 2^bits</td><td>64.5</td><td>53.5</td><td>44.9</td><td>38.6</td><td>34.2</td><td>30.6</td><td>28.0</td><td>–</td></tr>
 * <tr><td>source code in messages of 64 KiB: Huffman only</td><td>60.2</td><td>60.2</td><td>60.2</td><td>60.2</td><td>60.2</td><td>60.2</td><td>60.2</td><td>60.2</td></tr>
 * </tbody>
 * </table>
 *
 * <p><b>Memory</b> of a connection is taken with the first compressed message of a direction, and given back at its close, or
 * by abort or delete. Native, as resident memory measured on 64-bit Linux: the deflater 88 KiB after a message of 200 bytes,
 * growing to 264 KiB; the inflater 10 KiB, growing to 40 KiB. java.util.zip has no smaller ones: {@link
 * io.fluxsocket.core.deflate.DeflateSettings#releasedBetweenMessages()} together with no context takeover is what an end with
 * many idle connections can do. On the heap: output, as large as the largest compressed message but at most {@link
 * io.fluxsocket.core.deflate.DeflateSettings#fragmentSize()}; one chunk of the receive buffer's size; half a window, if it is
 * smaller than 15 bits.
 *
 * <p><b>Faults of the peer.</b> Data that does not inflate is answered with 1007: RFC 7692 names no code, and by RFC 6455
 * §7.4.1 that is the one for a message whose data is not what its type says; {@code ws} and Jetty do the same. A message that
 * inflates beyond {@link io.fluxsocket.core.EngineSettings#maxMessageSize()} is answered with 1009 as soon as it does.
 *
 * <p><b>Secrets.</b> The length of compressed data tells of its content (RFC 7692 §8): do not compress a secret together with
 * text that an attacker chooses; see {@link io.fluxsocket.core.deflate.Compression#NEVER}.
 */
@NullMarked
package io.fluxsocket.core.deflate;

import org.jspecify.annotations.NullMarked;
