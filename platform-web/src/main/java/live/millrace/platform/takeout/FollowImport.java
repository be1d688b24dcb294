// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.takeout;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import live.millrace.platform.account.UsernameRules;
import live.millrace.platform.channel.Follows;
import org.springframework.stereotype.Service;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Follows what a file names: a takeout, its list of follows, or names of channels one in a line, as people keep them. What is no name of a
 * channel here is told, and nothing else happens to it.
 */
@Service
public class FollowImport {
    public static final int MAX_BYTES = 1 << 20;

    /** Names that are told in return. */
    private static final int MOST_TOLD = 20;

    /** A file, another one, and some mistakes. */
    private static final int PER_HOUR = 10;

    private static final Duration HOUR = Duration.ofHours(1);
    private static final int MOST_PEOPLE = 100_000;
    private static final int MAX_LINE = 1_000;
    private static final Pattern NAME = Pattern.compile(UsernameRules.PATTERN);

    /**
     * What came of it.
     *
     * @param followed that were not before
     * @param already that were
     * @param unknown some of the names that no channel here has
     * @param full whether there were more than one may follow
     */
    public record Result(int followed, int already, List<String> unknown, int unknowns, boolean full) {}

    private final Follows follows;
    private final JsonMapper json;
    private final Cache<Long, Bucket> imports = Caffeine.newBuilder()
            .maximumSize(MOST_PEOPLE)
            .expireAfterAccess(HOUR)
            .build();

    FollowImport(Follows follows, JsonMapper json) {
        this.follows = follows;
        this.json = json;
    }

    /**
     * @param content is read to {@link #MAX_BYTES} and not closed
     * @return empty where there is no name in it at all
     */
    public Optional<Result> follow(long accountId, InputStream content) throws IOException {
        Set<String> names = names(content.readNBytes(MAX_BYTES));
        if (names.isEmpty()) {
            return Optional.empty();
        }
        Follows.Many many = follows.followAll(accountId, List.copyOf(names));
        List<String> unknown =
                names.stream().filter(name -> !many.known().contains(name)).toList();
        return Optional.of(new Result(
                many.followed(),
                many.already(),
                unknown.stream().limit(MOST_TOLD).toList(),
                unknown.size(),
                many.full()));
    }

    /** Takes one import of somebody, if there is one left in this hour. */
    public boolean admits(long accountId) {
        return imports.get(
                        accountId,
                        _ -> Bucket.builder()
                                .addLimit(limit -> limit.capacity(PER_HOUR).refillGreedy(PER_HOUR, HOUR))
                                .build())
                .tryConsume(1);
    }

    private Set<String> names(byte[] content) throws IOException {
        boolean zip = content.length > 4 && content[0] == 'P' && content[1] == 'K';
        InputStream plain = new java.io.ByteArrayInputStream(content);
        return lines(zip ? entry(plain) : plain);
    }

    private static InputStream entry(InputStream archive) throws IOException {
        ZipInputStream zip = new ZipInputStream(archive);
        for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
            if (entry.getName().equals(TakeoutFile.FOLLOWS)) {
                return zip;
            }
        }
        return InputStream.nullInputStream();
    }

    private Set<String> lines(InputStream content) throws IOException {
        // What a small file unpacks to may be large.
        byte[] text = content.readNBytes(MAX_BYTES);
        Set<String> names = new LinkedHashSet<>();
        BufferedReader reader = new BufferedReader(
                new InputStreamReader(new java.io.ByteArrayInputStream(text), StandardCharsets.UTF_8));
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            name(line.strip()).ifPresent(names::add);
            if (names.size() > Follows.MAX_FOLLOWED) {
                break;
            }
        }
        return names;
    }

    private Optional<String> name(String line) {
        if (line.isEmpty() || line.length() > MAX_LINE) {
            return Optional.empty();
        }
        String named = line.startsWith("{") ? object(line) : line.split("[,;\\s]", 2)[0];
        // An address of a channel is a name as well.
        String last = named.replaceAll("[/\"]+$", "");
        String plain = last.substring(last.lastIndexOf('/') + 1)
                .replaceAll("^[\"@]+", "")
                .toLowerCase(Locale.ROOT);
        return Optional.of(plain).filter(NAME.asMatchPredicate());
    }

    private String object(String line) {
        try {
            JsonNode channel = json.readTree(line).path("channel");
            return channel.isString() ? channel.stringValue() : "";
        } catch (JacksonException e) {
            return "";
        }
    }
}
