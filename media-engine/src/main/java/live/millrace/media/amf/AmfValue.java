// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.amf;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** One AMF value. The set is closed: typed objects become plain {@link Obj}s, XML becomes {@link Str}. */
public sealed interface AmfValue {
    /** IEEE 754 double, the only number of AMF0. */
    record Num(double value) implements AmfValue {}

    record Bool(boolean value) implements AmfValue {}

    record Str(String value) implements AmfValue {}

    /** An object or ECMA array, in the order of the wire. */
    record Obj(Map<String, AmfValue> properties) implements AmfValue {
        public Obj {
            properties = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(properties));
        }

        /** The text of a property, or empty when it is absent or no text. */
        public Optional<String> text(String name) {
            return properties.get(name) instanceof Str(String value) ? Optional.of(value) : Optional.empty();
        }

        /** The number of a property, or empty when it is absent or no number. */
        public OptionalDouble number(String name) {
            return properties.get(name) instanceof Num(double value)
                    ? OptionalDouble.of(value)
                    : OptionalDouble.empty();
        }
    }

    record Arr(List<AmfValue> values) implements AmfValue {
        public Arr {
            values = List.copyOf(values);
        }
    }

    /** Milliseconds since the epoch; the time zone on the wire is reserved and ignored (AMF0 §2.13). */
    record Date(double millis) implements AmfValue {}

    /** Opaque bytes, of which only the number is kept: nothing Millrace reads carries any. */
    record Bytes(int length) implements AmfValue {}

    record Null() implements AmfValue {}

    record Undefined() implements AmfValue {}

    AmfValue NULL = new Null();
    AmfValue UNDEFINED = new Undefined();

    static Str of(String value) {
        return new Str(value);
    }

    static Num of(double value) {
        return new Num(value);
    }

    static Bool of(boolean value) {
        return new Bool(value);
    }

    /** An object of alternating names and values. */
    static Obj object(Object... namesAndValues) {
        Map<String, AmfValue> properties = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            properties.put((String) namesAndValues[i], (AmfValue) namesAndValues[i + 1]);
        }
        return new Obj(properties);
    }
}
