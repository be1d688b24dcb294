// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Accounts that are brought in from a file. A file is checked first, line by line, and nothing comes of it before somebody has seen that;
 * then a job makes the accounts, with a password that nobody knows, and goes on where it was when its process dies. Who has an account
 * already keeps it as it is. Thread-safe.
 */
public interface AccountImports {
    int MOST_BYTES = 5 << 20;

    int MOST_LINES = 10_000;

    /** How far an import is. */
    enum State {
        CHECKED,
        RUNNING,
        DONE
    }

    /** What becomes, or became, of a line. */
    enum Verdict {
        NEW,
        EXISTS,
        INVALID,
        MADE
    }

    /** How a file was taken. */
    sealed interface Checked {
        record Kept(long id) implements Checked {}

        /** @param messageKey why it is no file of accounts */
        record Refused(String messageKey) implements Checked {}
    }

    /**
     * An import.
     *
     * @param withMail how many of those that are new have an address
     * @param unopened how many accounts that nobody wrote to have no password of their own yet
     * @param linksAt when links were shown last; null if never
     */
    record View(
            long id,
            String fileName,
            State state,
            boolean mails,
            Instant createdAt,
            @Nullable Instant linksAt,
            int fresh,
            int exist,
            int invalid,
            int made,
            int withMail,
            int unopened) {
        public int lines() {
            return fresh + exist + invalid + made;
        }

        /** In hundredths. */
        public int percent() {
            return fresh + made == 0 ? 100 : (int) (100L * made / (fresh + made));
        }
    }

    /**
     * A line of the file.
     *
     * @param number of the row as a spreadsheet counts it, with the one of the names; of JSON the entry's, from 1
     * @param reason the key of a text; empty where there is nothing to say
     */
    record Line(int number, String username, String email, String role, Verdict verdict, String reason) {}

    /** @param path of the page on which somebody chooses their password */
    record Link(String username, String path) {}

    /**
     * Reads a file and keeps what would come of it.
     *
     * @param fileName for people to read
     * @param content CSV with a line of names, or JSON, in UTF-8; read to its end or to the limit, not closed
     */
    Checked check(String fileName, InputStream content) throws IOException;

    Optional<View> find(long id);

    /** The newest first. */
    List<View> latest();

    /** Some lines of an import, in their order, after a number. */
    List<Line> lines(long id, @Nullable Verdict verdict, int after, int most);

    /**
     * Begins to make the accounts; answers false when that was begun before.
     *
     * @param mails whether those with an address are sent a link to choose a password
     */
    boolean start(long id, boolean mails);

    /** Forgets one that was not begun; answers whether there was one. */
    boolean drop(long id);

    /**
     * New links for all who were not written to, have not chosen a password, and are no staff since: each works once, for fourteen days.
     * Those from before open nothing more. Empty while the accounts are made.
     */
    List<Link> links(long id);
}
