// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import jakarta.validation.Validator;
import jakarta.validation.constraints.Email;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import live.millrace.platform.account.AccountImports.Verdict;
import live.millrace.platform.account.ChannelNames;
import live.millrace.platform.account.DisplayedNames;
import live.millrace.platform.account.Role;
import live.millrace.platform.account.UsernameRules;
import live.millrace.platform.account.Vouched;
import live.millrace.platform.account.internal.ImportFile.Column;
import live.millrace.platform.account.internal.ImportFile.Entry;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What would come of the lines of a file. The database is asked a few questions about all of them, not some about each. */
@Component
class ImportChecks {
    private static final String WHY = "admin.import.why.";

    private final JdbcClient database;
    private final ChannelNames channelNames;
    private final DisplayedNames displayed;
    private final Validator validator;

    ImportChecks(JdbcClient database, ChannelNames channelNames, DisplayedNames displayed, Validator validator) {
        this.database = database;
        this.channelNames = channelNames;
        this.displayed = displayed;
        this.validator = validator;
    }

    /** A line as it is kept. */
    record Judged(
            int number,
            String username,
            String email,
            String displayName,
            String language,
            String role,
            Verdict verdict,
            String reason) {}

    /** As at the sign-up. */
    private record Address(@Email(regexp = Vouched.EMAIL) String email) {}

    /** What is known of the names and addresses of a file. */
    private record Known(
            Set<String> names, Set<String> looks, Set<String> mails, Set<String> channels, Set<String> channelLooks) {}

    List<Judged> judge(List<Entry> entries) {
        List<String> names = all(entries, Column.USERNAME, UsernameRules::fold).stream()
                .filter(UsernameRules::wellFormed)
                .toList();
        Known known = new Known(
                found("select username from account where username = any(?)", names),
                found(
                        "select username_skeleton from account where username_skeleton = any(?)",
                        names.stream().map(UsernameRules::skeleton).toList()),
                found(
                        "select lower(email) from account where verified_at is not null and lower(email) = any(?)",
                        all(entries, Column.MAIL, ImportChecks::folded)),
                channelNames.taken(names),
                channelNames.confusable(names));
        Map<String, Integer> seen = new HashMap<>();
        return entries.stream().map(entry -> judged(entry, known, seen)).toList();
    }

    private static List<String> all(List<Entry> entries, Column column, Function<String, String> folding) {
        return entries.stream()
                .map(entry -> folding.apply(entry.value(column)))
                .filter(value -> !value.isEmpty())
                .distinct()
                .toList();
    }

    private Set<String> found(String question, Collection<String> values) {
        return new HashSet<>(database.sql(question)
                .param(values.toArray(String[]::new))
                .query((row, _) -> row.getString(1))
                .list());
    }

    private static String folded(String mail) {
        return mail.toLowerCase(Locale.ROOT);
    }

    private Judged judged(Entry entry, Known known, Map<String, Integer> seen) {
        String role = entry.value(Column.ROLE).toUpperCase(Locale.ROOT);
        Optional<String> language = language(entry.value(Column.LANGUAGE));
        Optional<String> invalid =
                language.isEmpty() ? Optional.of(WHY + "language") : invalid(entry, role, known, seen);
        String name = UsernameRules.fold(entry.value(Column.USERNAME));
        boolean exists = known.names.contains(name);
        boolean mailed = known.mails.contains(folded(entry.value(Column.MAIL)));
        Verdict verdict =
                exists ? Verdict.EXISTS : invalid.isPresent() ? Verdict.INVALID : mailed ? Verdict.EXISTS : Verdict.NEW;
        return new Judged(
                entry.number(),
                name,
                entry.value(Column.MAIL),
                entry.value(Column.DISPLAY_NAME),
                language.orElse(""),
                role.isEmpty() ? Role.USER.name() : role,
                verdict,
                switch (verdict) {
                    case INVALID -> invalid.orElseThrow();
                    case EXISTS -> WHY + (exists ? "exists" : "mail-exists");
                    case NEW, MADE -> "";
                });
    }

    private Optional<String> invalid(Entry entry, String role, Known known, Map<String, Integer> seen) {
        if (entry.broken()) {
            return Optional.of(WHY + "broken");
        }
        String name = UsernameRules.fold(entry.value(Column.USERNAME));
        if (!UsernameRules.wellFormed(name)) {
            return Optional.of("account.username.malformed");
        }
        if (UsernameRules.reserved(name)) {
            return Optional.of("account.username.reserved");
        }
        String mail = folded(entry.value(Column.MAIL));
        // Before anything else is asked: of two that are one, neither is the right one only because the other is wrong.
        if (seen.putIfAbsent("name " + UsernameRules.skeleton(name), entry.number()) != null
                || (!mail.isEmpty() && seen.putIfAbsent("mail " + mail, entry.number()) != null)) {
            return Optional.of(WHY + "twice");
        }
        if (known.channels.contains(name)) {
            return Optional.of("account.username.taken");
        }
        if (known.looks.contains(UsernameRules.skeleton(name)) || known.channelLooks.contains(name)) {
            return Optional.of("account.username.confusable");
        }
        if (!mail.isEmpty()
                && (mail.length() > Vouched.MOST_EMAIL
                        || !validator.validate(new Address(mail)).isEmpty())) {
            return Optional.of(WHY + "mail");
        }
        if (!role.isEmpty()
                && Arrays.stream(new Role[] {Role.USER, Role.STREAMER})
                        .map(Role::name)
                        .noneMatch(role::equals)) {
            return Optional.of(WHY + "role");
        }
        return entry.value(Column.DISPLAY_NAME).isEmpty()
                ? Optional.empty()
                : displayed.refusal(entry.value(Column.DISPLAY_NAME));
    }

    /** Of the languages that the site speaks; empty for another. */
    private static Optional<String> language(String written) {
        return switch (written.toLowerCase(Locale.ROOT).replace('_', '-')) {
            case "" -> Optional.of("");
            case "en", "en-us", "en-gb", "english" -> Optional.of("en");
            case "zh", "zh-cn", "zh-hans", "zh-hans-cn", "中文" -> Optional.of("zh-CN");
            default -> Optional.empty();
        };
    }
}
