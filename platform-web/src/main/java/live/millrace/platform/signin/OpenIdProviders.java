// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.signin;

import java.util.List;
import java.util.Optional;
import live.millrace.platform.audit.Actor;
import org.jspecify.annotations.Nullable;

/** Other services that say who somebody is (OpenID Connect), as the console sets them up. Thread-safe. */
public interface OpenIdProviders {
    /** More buttons than anybody reads. */
    int MOST = 10;

    int MOST_NAME = 40;
    int MOST_ADDRESS = 300;
    int MOST_SECRET = 500;
    int MOST_POSITION = 99;

    /** What a page offers. */
    record Offer(int id, String name) {}

    /**
     * One as the console shows it.
     *
     * @param secret whether there is one; itself it is never shown
     * @param people how many accounts are linked with it
     */
    record View(
            int id,
            String name,
            String issuer,
            String clientId,
            boolean secret,
            boolean enabled,
            int position,
            long people) {}

    /**
     * What an admin wants one to be.
     *
     * @param secret empty: as it is
     */
    record Draft(int id, String name, String issuer, String clientId, String secret, boolean enabled, int position) {
        @Override
        public String toString() {
            return "Draft[" + id + " " + issuer + "]";
        }
    }

    /**
     * Why something is not saved, or does not work.
     *
     * @param messageKey of a text that may name the detail
     * @param field of the form that it belongs to
     */
    record Problem(String messageKey, String field, String detail) {
        public static Problem of(String messageKey, String field) {
            return new Problem(messageKey, field, "");
        }
    }

    /** Those that are switched on, in their order. */
    List<Offer> offered();

    List<View> all();

    Optional<View> find(int id);

    /** The number of the next one: it stands in the address that has to be registered there, before it is made here. */
    int next();

    /**
     * Makes or changes one. One that is switched on is asked for what it can do first, which takes seconds at most.
     *
     * @param make whether it is a new one, with a number of {@link #next()}
     * @return nothing when it is saved
     */
    @Nullable
    Problem save(Draft draft, boolean make, Actor actor);

    /** Answers whether there was one. Its people stay linked, in case it comes back. */
    boolean remove(int id, Actor actor);
}
