// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.shared.web;

import live.millrace.platform.shared.WellFormed;
import org.springframework.boot.jackson.JacksonComponent;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.jdk.StringDeserializer;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/** Texts in bodies of JSON, where an escape can stand for what is no text. */
@JacksonComponent
class WellFormedStrings extends StdScalarDeserializer<String> {
    WellFormedStrings() {
        super(String.class);
    }

    @Override
    public String deserialize(JsonParser parser, DeserializationContext context) {
        String text = StringDeserializer.instance.deserialize(parser, context);
        return text == null || WellFormed.text(text)
                ? text
                : (String) context.handleWeirdStringValue(String.class, text, "holds characters that no text holds");
    }
}
