// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.amf;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads AMF0 (Action Message Format 0, 2007). Tolerant where encoders differ: the element count of an ECMA array is
 * ignored, a missing object end at the end of the message is accepted. One instance for each message.
 */
public final class Amf0Reader {
    private static final int NUMBER = 0x00;
    private static final int BOOLEAN = 0x01;
    private static final int STRING = 0x02;
    private static final int OBJECT = 0x03;
    private static final int NULL = 0x05;
    private static final int UNDEFINED = 0x06;
    private static final int REFERENCE = 0x07;
    private static final int ECMA_ARRAY = 0x08;
    private static final int OBJECT_END = 0x09;
    private static final int STRICT_ARRAY = 0x0A;
    private static final int DATE = 0x0B;
    private static final int LONG_STRING = 0x0C;
    private static final int UNSUPPORTED = 0x0D;
    private static final int XML_DOCUMENT = 0x0F;
    private static final int TYPED_OBJECT = 0x10;
    private static final int AVMPLUS_OBJECT = 0x11;

    private final ByteBuf in;
    private final AmfBudget budget = new AmfBudget();

    /** @param in read to its end; borrowed */
    public Amf0Reader(ByteBuf in) {
        this.in = in;
    }

    /**
     * Reads all values to the end of the buffer.
     *
     * @throws AmfException if the bytes are no AMF0 or go beyond a limit
     */
    public List<AmfValue> readAll() {
        List<AmfValue> values = new ArrayList<>();
        while (in.isReadable()) {
            values.add(value(0));
        }
        return List.copyOf(values);
    }

    private AmfValue value(int depth) {
        budget.node(depth);
        need(1);
        int marker = in.readUnsignedByte();
        return switch (marker) {
            case NUMBER -> {
                need(8);
                yield new AmfValue.Num(in.readDouble());
            }
            case BOOLEAN -> {
                need(1);
                yield new AmfValue.Bool(in.readByte() != 0);
            }
            case STRING -> new AmfValue.Str(shortString());
            case OBJECT -> object(depth);
            case NULL, UNSUPPORTED -> AmfValue.NULL;
            case UNDEFINED -> AmfValue.UNDEFINED;
            case REFERENCE -> {
                // AMF0 §2.9: an index to an earlier object. No encoder sends one; following it could build a cycle.
                need(2);
                in.skipBytes(2);
                yield AmfValue.UNDEFINED;
            }
            case ECMA_ARRAY -> {
                need(4);
                in.skipBytes(4); // associative-count: wrong in several encoders, the end marker counts
                yield object(depth);
            }
            case STRICT_ARRAY -> strictArray(depth);
            case DATE -> {
                need(10);
                double millis = in.readDouble();
                in.skipBytes(2); // time-zone: reserved
                yield new AmfValue.Date(millis);
            }
            case LONG_STRING, XML_DOCUMENT -> {
                need(4);
                yield new AmfValue.Str(string(AmfBudget.stringLength(in.readUnsignedInt(), in.readableBytes())));
            }
            case TYPED_OBJECT -> {
                shortString(); // class-name: never looked at
                yield object(depth);
            }
            case AVMPLUS_OBJECT -> new Amf3Reader(in, budget).value(depth);
            default -> throw new AmfException("unknown AMF0 marker " + marker);
        };
    }

    private AmfValue object(int depth) {
        Map<String, AmfValue> properties = new LinkedHashMap<>();
        while (in.isReadable()) {
            String name = shortString();
            if (name.isEmpty()) {
                need(1);
                if (in.getUnsignedByte(in.readerIndex()) == OBJECT_END) {
                    in.skipBytes(1);
                    break;
                }
            }
            AmfBudget.property(properties.size() + 1);
            properties.put(name, value(depth + 1));
        }
        return new AmfValue.Obj(properties);
    }

    private AmfValue strictArray(int depth) {
        need(4);
        long count = in.readUnsignedInt();
        // Each value takes a byte at least, so a larger count is a lie whatever follows.
        if (count > in.readableBytes()) {
            throw new AmfException("AMF array longer than its message");
        }
        List<AmfValue> values = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            values.add(value(depth + 1));
        }
        return new AmfValue.Arr(values);
    }

    private String shortString() {
        need(2);
        return string(AmfBudget.stringLength(in.readUnsignedShort(), in.readableBytes()));
    }

    private String string(int length) {
        return in.readCharSequence(length, StandardCharsets.UTF_8).toString();
    }

    private void need(int bytes) {
        if (in.readableBytes() < bytes) {
            throw new AmfException("AMF0 value cut short");
        }
    }
}
