package io.fluxsocket.core;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a peer may not send.
 *
 * @param rule what it breaks
 * @param code the close code that it gets
 * @param section the section of RFC 6455 that the message names
 * @param before valid frames that make what follows a violation
 * @param wire the violation
 * @param refusedAfter how many bytes of it are enough to tell
 */
record Violation(
        String rule,
        int code,
        String section,
        Function<Role, byte[]> before,
        Function<Role, byte[]> wire,
        int refusedAfter) {

    /** The settings that give every violation of a limit a small limit. */
    static final EngineSettings SETTINGS = EngineSettings.builder()
            .maxFrameSize(100_000)
            .maxMessageSize(150_000)
            .build();

    @Override
    public String toString() {
        return rule;
    }

    CloseStatus status() {
        return CloseStatus.of(code);
    }

    static Stream<Violation> all(Role role) {
        return Stream.of(starts(), lengths(role), limits(role), texts(role), closes(role), List.of(masking(role)))
                .flatMap(List::stream);
    }

    /** Told from the first two bytes. */
    private static List<Violation> starts() {
        return List.of(
                start("RSV1 is set", 0xc1, 5, "§5.2"),
                start("RSV2 is set", 0xa1, 5, "§5.2"),
                start("RSV3 is set", 0x91, 5, "§5.2"),
                start("all reserved bits are set", 0xf2, 0, "§5.2"),
                start("RSV1 is set on a ping", 0xc9, 0, "§5.2"),
                start("RSV3 is set on a close", 0x98, 0, "§5.2"),
                start("opcode 3 is reserved", 0x83, 5, "§5.2"),
                start("opcode 4 is reserved", 0x84, 5, "§5.2"),
                start("opcode 5 is reserved", 0x85, 0, "§5.2"),
                start("opcode 6 is reserved", 0x86, 5, "§5.2"),
                start("opcode 7 is reserved", 0x07, 5, "§5.2"),
                start("opcode 11 is reserved", 0x8b, 5, "§5.2"),
                start("opcode 12 is reserved", 0x8c, 5, "§5.2"),
                start("opcode 13 is reserved", 0x8d, 0, "§5.2"),
                start("opcode 14 is reserved", 0x8e, 5, "§5.2"),
                start("opcode 15 is reserved", 0x0f, 5, "§5.2"),
                start("a close is fragmented", 0x08, 2, "§5.5"),
                start("a ping is fragmented", 0x09, 0, "§5.5"),
                start("a pong is fragmented", 0x0a, 5, "§5.5"),
                start("a close has 126 bytes", 0x88, 126, "§5.5"),
                start("a ping has 126 bytes", 0x89, 126, "§5.5"),
                start("a pong has 65536 bytes", 0x8a, 127, "§5.5"),
                start("a continuation has no message", 0x80, 5, "§5.4"),
                start("a continuation that is not final has no message", 0x00, 0, "§5.4"),
                new Violation(
                        "a continuation follows a whole message",
                        1002,
                        "§5.4",
                        role -> role.inbound(0x81, "whole"),
                        role -> role.inbound(0x80, "more"),
                        2),
                inMessage("a text begins within a text", 0x81),
                inMessage("a fragmented text begins within a text", 0x01),
                inMessage("a binary message begins within a text", 0x82),
                inMessage("a fragmented binary message begins within a text", 0x02),
                inMessage("a reserved bit is set on a continuation", 0xc0),
                inMessage("an opcode is reserved within a message", 0x83));
    }

    private static Violation start(String rule, int first, int form, String section) {
        return plain(rule, 1002, section, role -> role.inboundHeader(first, form, form == 127 ? 65536 : form), 2);
    }

    private static Violation inMessage(String rule, int first) {
        return new Violation(
                rule,
                1002,
                first == 0xc0 || first == 0x83 ? "§5.2" : "§5.4",
                role -> role.inbound(0x01, "part"),
                role -> role.inbound(first, "more"),
                2);
    }

    private static Violation masking(Role role) {
        boolean server = role == Role.SERVER;
        return plain(
                server ? "a client's frame is not masked" : "a server's frame is masked",
                1002,
                "§5.1",
                any -> Bytes.frame(0x81, !server, Bytes.utf8("Hello")),
                2);
    }

    /** Told from the whole header. */
    private static List<Violation> lengths(Role role) {
        return Stream.of(
                        length(role, "0 stands in two bytes", 126, 0),
                        length(role, "125 stands in two bytes", 126, 125),
                        length(role, "0 stands in eight bytes", 127, 0),
                        length(role, "125 stands in eight bytes", 127, 125),
                        length(role, "126 stands in eight bytes", 127, 126),
                        length(role, "65535 stands in eight bytes", 127, 65535),
                        length(role, "the highest bit of a length is set", 127, Long.MIN_VALUE),
                        length(role, "all bits of a length are set", 127, -1),
                        length(role, "the highest bit is set on a small length", 127, Long.MIN_VALUE + 70_000))
                .toList();
    }

    private static Violation length(Role role, String rule, int form, long length) {
        return plain(rule, 1002, "§5.2", any -> role.inboundHeader(0x82, form, length), headerSize(role, form));
    }

    private static List<Violation> limits(Role role) {
        return List.of(
                plain(
                        "a frame is one byte too large",
                        1009,
                        "§10.4",
                        any -> role.inboundHeader(0x82, 127, 100_001),
                        headerSize(role, 127)),
                plain(
                        "a frame has the largest length that there is",
                        1009,
                        "§10.4",
                        any -> role.inboundHeader(0x01, 127, Long.MAX_VALUE),
                        headerSize(role, 127)),
                new Violation(
                        "a message is one byte too large",
                        1009,
                        "§10.4",
                        any -> role.inbound(0x02, Bytes.ascii(100_000)),
                        any -> role.inboundHeader(0x80, 126, 50_001),
                        headerSize(role, 126)));
    }

    private static int headerSize(Role role, int form) {
        return role.inboundHeader(0x82, form, 0).length;
    }

    /** Told from the first byte that cannot be repaired. */
    private static List<Violation> texts(Role role) {
        return List.of(
                text(role, "a byte is never in UTF-8", "61 ff 62 63", 2),
                text(role, "a code point is overlong", "61 c0 af 62", 2),
                text(role, "a surrogate is encoded", "61 ed a0 80 62", 3),
                text(role, "a code point is above the last", "61 f4 90 80 80 62", 3),
                text(role, "a continuation has no lead", "80", 1),
                text(role, "a lead has no continuation", "61 62 e2 82 63 64 65 66 67 68 69", 5),
                text(role, "a text ends within a code point", "61 e2 82", 3),
                new Violation(
                        "the last, empty fragment ends a text within a code point",
                        1007,
                        "§8.1",
                        any -> role.inbound(0x01, Bytes.hex("e2 82")),
                        any -> role.inbound(0x80, Bytes.NONE),
                        headerSize(role, 0)),
                new Violation(
                        "a continuation of a text goes on with the wrong byte",
                        1007,
                        "§8.1",
                        any -> Bytes.concat(role.inbound(0x01, Bytes.hex("61 e2")), role.inbound(0x89, "ping")),
                        any -> role.inbound(0x80, Bytes.hex("28 a1 62 63")),
                        headerSize(role, 4) + 1));
    }

    private static Violation text(Role role, String rule, String hex, int refusedAfter) {
        return plain(rule, 1007, "§8.1", any -> role.inbound(0x81, Bytes.hex(hex)), headerSize(role, 0) + refusedAfter);
    }

    private static List<Violation> closes(Role role) {
        List<Violation> codes = Stream.of(0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)
                .map(code -> close(role, "close code " + code, 1002, "§7.4", Bytes.closeBody(code)))
                .toList();
        List<Violation> bodies = List.of(
                close(role, "a close body of one byte", 1002, "§5.5.1", Bytes.hex("03")),
                close(
                        role,
                        "a bad code with a reason that is no UTF-8",
                        1002,
                        "§7.4",
                        Bytes.closeBody(999, Bytes.hex("ff"))),
                close(
                        role,
                        "a close reason is not UTF-8",
                        1007,
                        "§8.1",
                        Bytes.closeBody(1000, Bytes.hex("ce ba ed a0 80"))),
                close(
                        role,
                        "a close reason ends within a code point",
                        1007,
                        "§8.1",
                        Bytes.closeBody(1000, Bytes.hex("e2 82"))));
        return Stream.concat(codes.stream(), bodies.stream()).toList();
    }

    private static Violation close(Role role, String rule, int code, String section, byte[] body) {
        byte[] frame = role.inbound(0x88, body);
        return plain(rule, code, section, any -> frame, frame.length);
    }

    private static Violation plain(
            String rule, int code, String section, Function<Role, byte[]> wire, int refusedAfter) {
        return new Violation(rule, code, section, role -> Bytes.NONE, wire, refusedAfter);
    }
}
