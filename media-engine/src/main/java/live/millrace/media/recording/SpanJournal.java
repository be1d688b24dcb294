// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.recording;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The form of the file beside an open span: one line for what the span is, one for each segment that ended, each closed by its CRC-32C
 * (RFC 3720 §12.1) in eight hexadecimal digits. What a crash cut off, or never came to the disk, has no valid sum and ends the journal.
 */
final class SpanJournal {
    /** Lines of a span; it has some hundreds. */
    private static final int MOST = 1 << 16;

    private static final int MAX_INITIALIZATION = 1 << 20;
    private static final int SUM_DIGITS = 8;
    private static final Pattern NAME = Pattern.compile("[va][0-9]{1,3}");
    private static final Pattern CODEC = Pattern.compile("[A-Za-z0-9.-]{1,64}");

    private SpanJournal() {}

    /**
     * What a journal says.
     *
     * @param head its track's initialization section has the right length and no bytes
     * @param segments as far as the sums hold
     */
    record Read(SpanHead head, List<RecordedSegment> segments) {}

    static byte[] head(SpanHead head) {
        RecordedTrack track = head.track();
        return line("span " + track.name() + ' ' + head.ordinal() + ' ' + track.format() + ' ' + track.codec() + ' '
                + track.timescale() + ' ' + track.width() + ' ' + track.height() + ' ' + head.bytes() + ' '
                + (head.discontinuity() ? 1 : 0) + ' ' + head.startMillis() + ' ' + head.baseDecodeTime() + ' '
                + head.firstSequence() + ' ' + head.startedAt());
    }

    static byte[] segment(RecordedSegment segment) {
        return line("segment " + segment.sequence() + ' ' + segment.offset() + ' ' + segment.bytes() + ' '
                + segment.duration() + ' ' + (segment.independent() ? 1 : 0) + ' '
                + segment.programDateTime().toEpochMilli());
    }

    /** A text as a line with its sum. */
    static byte[] line(String text) {
        return (text + ' ' + sum(text) + '\n').getBytes(StandardCharsets.US_ASCII);
    }

    private static String sum(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    /** Reads a journal; empty when not even its first line is whole. */
    static Optional<Read> read(byte[] bytes) {
        List<String> lines = lines(bytes, MOST).texts();
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        try {
            return head(lines.getFirst().split(" ", -1)).map(head -> new Read(head, segments(head, lines)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /**
     * Lines whose sums hold.
     *
     * @param texts without their sums
     * @param length of all of them in bytes
     */
    record Lines(List<String> texts, int length) {}

    /** Reads lines as long as their sums hold, {@code most} of them. */
    static Lines lines(byte[] bytes, int most) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < bytes.length && lines.size() < most; i++) {
            if (bytes[i] == '\n') {
                Optional<String> text = checked(new String(bytes, start, i - start, StandardCharsets.US_ASCII));
                if (text.isEmpty()) {
                    break;
                }
                lines.add(text.get());
                start = i + 1;
            }
        }
        return new Lines(lines, start);
    }

    private static Optional<String> checked(String line) {
        int at = line.length() - SUM_DIGITS - 1;
        return at > 0 && line.substring(at + 1).equals(sum(line.substring(0, at)))
                ? Optional.of(line.substring(0, at))
                : Optional.empty();
    }

    private static Optional<SpanHead> head(String[] words) {
        if (words.length != 14
                || !words[0].equals("span")
                || !NAME.matcher(words[1]).matches()
                || !CODEC.matcher(words[4]).matches()) {
            return Optional.empty();
        }
        int length = Integer.parseInt(words[8]);
        int timescale = Integer.parseInt(words[5]);
        if (length <= 0 || length > MAX_INITIALIZATION || timescale <= 0) {
            return Optional.empty();
        }
        ByteBuf room = Unpooled.buffer(length, length).writeZero(length);
        RecordedTrack track = new RecordedTrack(
                words[1],
                Integer.parseInt(words[3]),
                words[4],
                timescale,
                Integer.parseInt(words[6]),
                Integer.parseInt(words[7]),
                room);
        return Optional.of(new SpanHead(
                track,
                Integer.parseInt(words[2]),
                words[9].equals("1"),
                Long.parseLong(words[10]),
                Long.parseLong(words[11]),
                Long.parseLong(words[12]),
                Long.parseLong(words[13])));
    }

    /** Those that follow on each other. */
    private static List<RecordedSegment> segments(SpanHead head, List<String> lines) {
        List<RecordedSegment> segments = new ArrayList<>();
        long offset = head.bytes();
        long sequence = head.firstSequence() - 1;
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split(" ", -1);
            if (words.length != 7 || !words[0].equals("segment")) {
                break;
            }
            RecordedSegment segment = new RecordedSegment(
                    Long.parseLong(words[1]),
                    Long.parseLong(words[2]),
                    Integer.parseInt(words[3]),
                    Long.parseLong(words[4]),
                    words[5].equals("1"),
                    Instant.ofEpochMilli(Long.parseLong(words[6])));
            if (segment.offset() != offset || segment.sequence() <= sequence || segment.bytes() <= 0) {
                break;
            }
            segments.add(segment);
            offset += segment.bytes();
            sequence = segment.sequence();
        }
        return segments;
    }
}
