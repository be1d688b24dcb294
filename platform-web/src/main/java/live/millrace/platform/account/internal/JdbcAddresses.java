// SPDX-License-Identifier: Apache-2.0
package live.millrace.platform.account.internal;

import java.net.Inet4Address;
import java.net.UnknownHostException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import live.millrace.platform.account.AddressBans;
import live.millrace.platform.account.KnownAddresses;
import live.millrace.platform.audit.Actor;
import live.millrace.platform.audit.Audit;
import live.millrace.platform.shared.AddressRange;
import live.millrace.platform.shared.AfterCommit;
import live.millrace.platform.shared.DatabaseBack;
import live.millrace.platform.shared.RemoteAddress;
import live.millrace.platform.site.Setting;
import live.millrace.platform.site.SiteSettings;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
class JdbcAddresses implements AddressBans, KnownAddresses, InitializingBean {
    /** More addresses than this nobody bans on purpose. */
    private static final int SHORTEST_PREFIX_V4 = 16;

    private static final int SHORTEST_PREFIX_V6 = 32;

    /** One house has at least this much of IPv6. */
    private static final int HOUSE_V6 = 64;

    private static final int SHOWN = 20;
    private static final int NEIGHBOURS_SHOWN = 10;

    private record Rule(AddressRange range, @Nullable Instant until) {}

    private final JdbcClient database;
    private final Audit audit;
    private final SiteSettings settings;
    private final AfterCommit afterCommit;
    private final Clock clock;
    private final Pattern proxies;
    private final ReentrantLock loading = new ReentrantLock();
    private volatile List<Rule> rules = List.of();

    JdbcAddresses(
            JdbcClient database,
            Audit audit,
            SiteSettings settings,
            AfterCommit afterCommit,
            Clock clock,
            @Value("${server.tomcat.remoteip.internal-proxies:}") String proxies) {
        this.database = database;
        this.audit = audit;
        this.settings = settings;
        this.afterCommit = afterCommit;
        this.clock = clock;
        this.proxies = Pattern.compile(proxies);
    }

    // ---- bans -------------------------------------------------------------------------------------------------

    /** One after the other, so that what was read before a change is never kept after it. */
    @Override
    public void afterPropertiesSet() {
        loading.lock();
        try {
            rules = all().stream()
                    .flatMap(ban ->
                            AddressRange.parse(ban.network()).map(range -> new Rule(range, ban.until())).stream())
                    .toList();
        } finally {
            loading.unlock();
        }
    }

    /** A ban or its end whose commit was never answered is known from here. */
    @Scheduled(fixedDelay = 60_000, initialDelay = 60_000)
    void refresh() {
        afterPropertiesSet();
    }

    @EventListener
    void on(DatabaseBack back) {
        afterPropertiesSet();
    }

    @Override
    public boolean banned(String address) {
        List<Rule> now = rules;
        if (now.isEmpty() || RemoteAddress.nearby(address)) {
            return false;
        }
        Instant time = clock.instant();
        return AddressRange.parse(address)
                .filter(single -> now.stream()
                        .anyMatch(rule -> rule.range().contains(single)
                                && (rule.until() == null || rule.until().isAfter(time))))
                .isPresent();
    }

    @Override
    public List<AddressBan> all() {
        return database.sql("""
                select id, text(network), reason, made_by, made_at, until from account_address_ban
                where lifted_at is null and (until is null or until > ?) order by id desc limit ?
                """)
                .param(Timestamp.from(clock.instant()))
                .param(MAX_BANS)
                .query((row, _) -> new AddressBan(
                        row.getLong(1),
                        Objects.requireNonNull(row.getString(2)),
                        row.getString(3),
                        row.getString(4),
                        row.getTimestamp(5).toInstant(),
                        row.getTimestamp(6) == null ? null : row.getTimestamp(6).toInstant()))
                .list();
    }

    @Override
    @Transactional
    public Optional<String> ban(
            String network, String ownAddress, String reason, @Nullable Instant until, Actor actor) {
        Optional<AddressRange> parsed = AddressRange.parse(network.strip());
        if (parsed.isEmpty()) {
            return Optional.of("admin.ban.malformed");
        }
        Optional<String> refused = refusal(parsed.get(), ownAddress);
        if (refused.isEmpty()) {
            add(parsed.get(), reason, until, actor);
        }
        return refused;
    }

    @Override
    @Transactional
    public List<Long> banKnown(long accountId, String reason, @Nullable Instant until, Actor actor) {
        return of(accountId).stream()
                .flatMap(known -> AddressRange.parse(known.address()).stream())
                .filter(range -> refusal(range, "").isEmpty())
                .map(range -> add(range, reason, until, actor))
                .toList();
    }

    private Optional<String> refusal(AddressRange range, String ownAddress) {
        if (range.prefix() < (range.v4() ? SHORTEST_PREFIX_V4 : SHORTEST_PREFIX_V6)) {
            return Optional.of("admin.ban.wide");
        }
        if (range.touchesPrivate() || holdsProxy(range)) {
            // It would hit everybody who comes through there.
            return Optional.of("admin.ban.private");
        }
        if (AddressRange.parse(ownAddress).filter(range::contains).isPresent()) {
            return Optional.of("admin.ban.own");
        }
        if (rules.size() >= MAX_BANS) {
            return Optional.of("admin.ban.many");
        }
        return Optional.empty();
    }

    private long add(AddressRange range, String reason, @Nullable Instant until, Actor actor) {
        long id = database.sql("""
                insert into account_address_ban (network, reason, made_by, made_at, until) values (?::cidr, ?, ?, ?, ?)
                returning id
                """)
                .param(range.toString())
                .param(reason)
                .param(actor.name())
                .param(Timestamp.from(clock.instant()))
                .param(until == null ? null : Timestamp.from(until))
                .query(Long.class)
                .single();
        audit.add(actor, "address.ban", "", null, reason, until == null ? "" : until.toString());
        afterCommit.run(this::afterPropertiesSet);
        return id;
    }

    /** The proxies are a pattern: each address of the network is asked for, sixty thousand at most. */
    private boolean holdsProxy(AddressRange range) {
        if (proxies.pattern().isEmpty()) {
            return false;
        }
        if (!range.v4()) {
            return proxies.matcher(range.first().getHostAddress()).matches();
        }
        byte[] first = range.first().getAddress();
        int base = ((first[0] & 0xff) << 24) | ((first[1] & 0xff) << 16) | ((first[2] & 0xff) << 8) | (first[3] & 0xff);
        for (int i = 0; i < 1 << (32 - range.prefix()); i++) {
            int address = base + i;
            try {
                byte[] bytes = {(byte) (address >> 24), (byte) (address >> 16), (byte) (address >> 8), (byte) address};
                if (proxies.matcher(Inet4Address.getByAddress(bytes).getHostAddress())
                        .matches()) {
                    return true;
                }
            } catch (UnknownHostException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        return false;
    }

    @Override
    @Transactional
    public boolean lift(long id, Actor actor) {
        boolean lifted = database.sql("update account_address_ban set lifted_at = ? where id = ? and lifted_at is null")
                        .param(Timestamp.from(clock.instant()))
                        .param(id)
                        .update()
                > 0;
        if (lifted) {
            audit.add(actor, "address.unban", "", null, "", "");
            afterCommit.run(this::afterPropertiesSet);
        }
        return lifted;
    }

    // ---- known addresses --------------------------------------------------------------------------------------

    @Override
    public void seen(long accountId, String address) {
        Optional<AddressRange> parsed = AddressRange.parse(address);
        if (parsed.isEmpty()) {
            return;
        }
        // Without the name of an interface, which a link-local address carries and PostgreSQL does not take.
        String plain = parsed.get().first().getHostAddress();
        Timestamp now = Timestamp.from(clock.instant());
        database.sql("""
                insert into account_address (account_id, address, first_seen, last_seen) values (?, ?::inet, ?, ?)
                on conflict (account_id, address) do update set last_seen = excluded.last_seen
                """).param(accountId).param(plain).param(now).param(now).update();
    }

    @Override
    public boolean familiar(long accountId, String address) {
        return AddressRange.parse(address)
                .flatMap(single -> single.within(Integer.SIZE, HOUSE_V6))
                .filter(house -> database.sql(
                                "select exists (select from account_address where account_id = ? and address <<= ?::inet)")
                        .param(accountId)
                        .param(house.toString())
                        .query(Boolean.class)
                        .single())
                .isPresent();
    }

    @Override
    public List<KnownAddress> of(long accountId) {
        return database.sql("""
                select host(a.address), a.first_seen, a.last_seen,
                    array(select o.username from account_address b join account o on o.id = b.account_id
                          where b.address = a.address and b.account_id <> a.account_id order by b.last_seen desc limit ?)
                from account_address a where a.account_id = ? order by a.last_seen desc limit ?
                """)
                .param(NEIGHBOURS_SHOWN)
                .param(accountId)
                .param(SHOWN)
                .query((row, _) -> new KnownAddress(
                        row.getString(1),
                        row.getTimestamp(2).toInstant(),
                        row.getTimestamp(3).toInstant(),
                        Arrays.asList((String[]) row.getArray(4).getArray())))
                .list();
    }

    /** Addresses are kept for some days and no longer, those of bans included. */
    void forget() {
        Timestamp before =
                Timestamp.from(clock.instant().minus(Duration.ofDays(settings.number(Setting.ADDRESS_DAYS))));
        database.sql("delete from account_address where last_seen < ?")
                .param(before)
                .update();
        database.sql("delete from account_address_ban where lifted_at < ? or until < ?")
                .param(before)
                .param(before)
                .update();
    }
}
