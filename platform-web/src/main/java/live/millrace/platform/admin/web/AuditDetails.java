// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.admin.web;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import live.millrace.platform.audit.AuditEntry;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Component;

/** What the log keeps as a sign of ours ("WARN", "mail", a number), in the words of whoever reads it. */
@Component
class AuditDetails {
    /** Of an action, what stands before the key of its detail. */
    private static final Map<String, String> KEYS = Map.of(
            "case.decide", "decision.",
            "case.appeal", "appeal.",
            "delivery.again", "admin.delivery.kind.",
            "delivery.drop", "admin.delivery.kind.",
            "joining.mode", "admin.joining.");

    /** Of an action, how its number is read. The log of earlier days keeps a unit beside it. */
    private static final Map<String, String> UNITS =
            Map.of("chat.slow", "unit.seconds", "chat.followers", "unit.minutes", "stream.end", "unit.minutes");

    private static final String ROLES = "user.role";
    private static final String BETWEEN = " → ";

    private final MessageSource messages;

    AuditDetails(MessageSource messages) {
        this.messages = messages;
    }

    /** By the entry's number. */
    Map<Long, String> of(List<AuditEntry> entries, Locale locale) {
        return entries.stream().collect(Collectors.toMap(AuditEntry::id, entry -> words(entry, locale)));
    }

    private String words(AuditEntry entry, Locale locale) {
        String details = entry.details();
        String unit = UNITS.get(entry.action());
        if (unit != null) {
            String number = details.replaceFirst("\\D.*$", "");
            return number.isEmpty() ? details : messages.getMessage(unit, new Object[] {number}, locale);
        }
        if (entry.action().equals(ROLES)) {
            return List.of(details.split(BETWEEN)).stream()
                    .map(role -> word("admin.role." + role, role, locale))
                    .collect(Collectors.joining(BETWEEN));
        }
        String key = KEYS.get(entry.action());
        return key == null || details.isEmpty() ? details : word(key + details, details, locale);
    }

    private String word(String key, String otherwise, Locale locale) {
        String found = messages.getMessage(key, null, otherwise, locale);
        return found == null ? otherwise : found;
    }
}
