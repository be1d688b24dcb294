// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.socket;

import live.millrace.platform.shared.WellFormed;
import tools.jackson.databind.JsonNode;

/** Texts in what a page says, where an escape can stand for what is no text. */
final class SaidText {
    private SaidText() {}

    /** As deep as the reader lets messages be. */
    static boolean wellFormed(JsonNode said) {
        if (said.isString()) {
            return WellFormed.text(said.stringValue());
        }
        return said.propertyStream().allMatch(field -> WellFormed.text(field.getKey()) && wellFormed(field.getValue()))
                && (!said.isArray() || said.valueStream().allMatch(SaidText::wellFormed));
    }
}
