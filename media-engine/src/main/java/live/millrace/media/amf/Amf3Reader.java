// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.amf;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one AMF3 value (Action Message Format 3, 2013) that stands inside an AMF0 message behind marker 0x11.
 * Externalizable objects are refused: their layout is known to the class they name alone.
 */
public final class Amf3Reader {
    private final ByteBuf in;
    private final AmfBudget budget;
    private final List<String> strings = new ArrayList<>();
    private final List<AmfValue> objects = new ArrayList<>();
    private final List<Traits> traits = new ArrayList<>();

    private record Traits(List<String> names, boolean dynamic) {}

    public Amf3Reader(ByteBuf in) {
        this(in, new AmfBudget());
    }

    Amf3Reader(ByteBuf in, AmfBudget budget) {
        this.in = in;
        this.budget = budget;
    }

    /**
     * Reads one value.
     *
     * @throws AmfException if the bytes are no AMF3 or go beyond a limit
     */
    public AmfValue read() {
        return value(0);
    }

    AmfValue value(int depth) {
        budget.node(depth);
        need(1);
        int marker = in.readUnsignedByte();
        return switch (marker) {
            case 0x00 -> AmfValue.UNDEFINED;
            case 0x01 -> AmfValue.NULL;
            case 0x02 -> new AmfValue.Bool(false);
            case 0x03 -> new AmfValue.Bool(true);
            case 0x04 -> new AmfValue.Num((u29() << 3) >> 3); // sign of 29 bits
            case 0x05 -> {
                need(8);
                yield new AmfValue.Num(in.readDouble());
            }
            case 0x06 -> new AmfValue.Str(string());
            case 0x07, 0x0B -> xml();
            case 0x08 -> date();
            case 0x09 -> array(depth);
            case 0x0A -> object(depth);
            case 0x0C -> byteArray();
            default -> throw new AmfException("unknown AMF3 marker " + marker);
        };
    }

    /** §1.3.1: seven bits a byte, eight in the fourth. */
    private int u29() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            need(1);
            int b = in.readUnsignedByte();
            if (i == 3) {
                return (value << 8) | b;
            }
            value = (value << 7) | (b & 0x7F);
            if ((b & 0x80) == 0) {
                return value;
            }
        }
        return value;
    }

    private String string() {
        int header = u29();
        if ((header & 1) == 0) {
            return referenced(strings, header >> 1);
        }
        int length = AmfBudget.stringLength(header >> 1, in.readableBytes());
        String value = in.readCharSequence(length, StandardCharsets.UTF_8).toString();
        if (!value.isEmpty()) {
            strings.add(value);
        }
        return value;
    }

    private AmfValue xml() {
        int header = u29();
        if ((header & 1) == 0) {
            return referenced(objects, header >> 1);
        }
        int length = AmfBudget.stringLength(header >> 1, in.readableBytes());
        AmfValue value = new AmfValue.Str(
                in.readCharSequence(length, StandardCharsets.UTF_8).toString());
        objects.add(value);
        return value;
    }

    private AmfValue date() {
        int header = u29();
        if ((header & 1) == 0) {
            return referenced(objects, header >> 1);
        }
        need(8);
        AmfValue value = new AmfValue.Date(in.readDouble());
        objects.add(value);
        return value;
    }

    private AmfValue byteArray() {
        int header = u29();
        if ((header & 1) == 0) {
            return referenced(objects, header >> 1);
        }
        int length = header >> 1;
        need(length);
        in.skipBytes(length);
        AmfValue value = new AmfValue.Bytes(length);
        objects.add(value);
        return value;
    }

    private AmfValue array(int depth) {
        int header = u29();
        if ((header & 1) == 0) {
            return referenced(objects, header >> 1);
        }
        int count = header >> 1;
        if (count > in.readableBytes()) {
            throw new AmfException("AMF array longer than its message");
        }
        int index = reserve();
        Map<String, AmfValue> named = new LinkedHashMap<>();
        for (String name = string(); !name.isEmpty(); name = string()) {
            AmfBudget.property(named.size() + 1);
            named.put(name, value(depth + 1));
        }
        List<AmfValue> dense = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            dense.add(value(depth + 1));
        }
        AmfValue value = named.isEmpty() ? new AmfValue.Arr(dense) : new AmfValue.Obj(named);
        objects.set(index, value);
        return value;
    }

    private AmfValue object(int depth) {
        int header = u29();
        if ((header & 1) == 0) {
            return referenced(objects, header >> 1);
        }
        Traits shape;
        if ((header & 2) == 0) {
            shape = referenced(traits, header >> 2);
        } else {
            if ((header & 4) != 0) {
                throw new AmfException("externalizable AMF3 object");
            }
            string(); // class name: never looked at
            int count = header >> 4;
            AmfBudget.property(count);
            List<String> names = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                names.add(string());
            }
            shape = new Traits(names, (header & 8) != 0);
            traits.add(shape);
        }
        int index = reserve();
        Map<String, AmfValue> properties = new LinkedHashMap<>();
        for (String name : shape.names()) {
            properties.put(name, value(depth + 1));
        }
        if (shape.dynamic()) {
            for (String name = string(); !name.isEmpty(); name = string()) {
                AmfBudget.property(properties.size() + 1);
                properties.put(name, value(depth + 1));
            }
        }
        AmfValue value = new AmfValue.Obj(properties);
        objects.set(index, value);
        return value;
    }

    /** Until an object is whole, a reference to it reads as undefined, so that no cycle can be built. */
    private int reserve() {
        objects.add(AmfValue.UNDEFINED);
        return objects.size() - 1;
    }

    private static <T> T referenced(List<T> table, int index) {
        if (index >= table.size()) {
            throw new AmfException("AMF3 reference to nothing");
        }
        return table.get(index);
    }

    private void need(int bytes) {
        if (in.readableBytes() < bytes) {
            throw new AmfException("AMF3 value cut short");
        }
    }
}
