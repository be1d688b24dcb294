// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.amf;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Writes AMF0. */
public final class Amf0Writer {
    private Amf0Writer() {}

    public static void writeAll(ByteBuf out, List<AmfValue> values) {
        values.forEach(value -> write(out, value));
    }

    public static void write(ByteBuf out, AmfValue value) {
        switch (value) {
            case AmfValue.Num(double number) -> out.writeByte(0x00).writeDouble(number);
            case AmfValue.Bool(boolean bool) -> out.writeByte(0x01).writeByte(bool ? 1 : 0);
            case AmfValue.Str(String text) -> string(out, text);
            case AmfValue.Obj(Map<String, AmfValue> properties) -> {
                out.writeByte(0x03);
                properties.forEach((name, property) -> {
                    out.writeShort(ByteBufUtil.utf8Bytes(name));
                    out.writeCharSequence(name, StandardCharsets.UTF_8);
                    write(out, property);
                });
                out.writeMedium(0x000009);
            }
            case AmfValue.Arr(List<AmfValue> values) -> {
                out.writeByte(0x0A).writeInt(values.size());
                writeAll(out, values);
            }
            case AmfValue.Date(double millis) ->
                out.writeByte(0x0B).writeDouble(millis).writeShort(0);
            case AmfValue.Bytes _, AmfValue.Null _ -> out.writeByte(0x05);
            case AmfValue.Undefined _ -> out.writeByte(0x06);
        }
    }

    private static void string(ByteBuf out, String text) {
        int length = ByteBufUtil.utf8Bytes(text);
        if (length <= 0xFFFF) {
            out.writeByte(0x02).writeShort(length);
        } else {
            out.writeByte(0x0C).writeInt(length);
        }
        out.writeCharSequence(text, StandardCharsets.UTF_8);
    }
}
