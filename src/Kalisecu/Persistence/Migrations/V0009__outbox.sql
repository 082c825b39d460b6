-- Letters that must leave: written in the transaction of their cause, sent by the delivery workers, once in effect.

create table letters (
    tenant_id uuid not null,
    letter_id uuid not null,
    once_key text not null,
    kind text not null,
    nature text not null,
    -- The person's tenant: what the platform writes to people of a tenant stands under the platform, and is theirs all the same.
    person_tenant_id uuid,
    person_id uuid,
    recipient bytea not null,
    language text not null,
    subject bytea not null,
    text_body bytea not null,
    html_body bytea,
    -- What nobody reads here but the delivery worker, such as the token of a one-time link: the texts have a mark in its place. It
    -- goes when the letter was sent, and with its time.
    secret bytea,
    secret_expire_time timestamptz,
    cause_type text not null,
    cause_id uuid not null,
    state text not null,
    state_reason text,
    create_time timestamptz not null,
    next_time timestamptz not null,
    attempt_count integer not null default 0,
    claim_time timestamptz,
    send_time timestamptz,
    bounce_time timestamptz,
    restrict_time timestamptz,
    constraint pk_letters primary key (tenant_id, letter_id),
    constraint ux_letters_once_key unique (tenant_id, once_key),
    constraint ck_letters_person check ((person_id is null) = (person_tenant_id is null)),
    constraint ck_letters_nature check (nature in ('Required', 'Service', 'Marketing')),
    constraint ck_letters_language check (language in ('Fr', 'En')),
    constraint ck_letters_state check (state in ('Queued', 'Sent', 'Bounced', 'Suppressed', 'Dead')),
    constraint ck_letters_secret check (secret is null or (secret_expire_time is not null and state in ('Queued', 'Dead'))),
    constraint ck_letters_send_time check ((state in ('Sent', 'Bounced')) = (send_time is not null))
);
create index ix_letters_due on letters (next_time) where state = 'Queued';
-- A letter is known by its identifier alone: it stands in its Message-ID, which staff read in a mailbox.
create index ix_letters_letter_id on letters (letter_id);
-- The platform's list, newest first.
create index ix_letters_create_time on letters (create_time desc, letter_id desc);
create index ix_letters_cause on letters (tenant_id, cause_id, create_time);
create index ix_letters_secret on letters (secret_expire_time) where secret is not null;
create index ix_letters_person on letters (person_tenant_id, person_id) where person_id is not null;
alter table letters enable row level security;
alter table letters force row level security;
create policy tenant_isolation on letters
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
-- Work for a person's rights (RestrictedRows.cs) reaches every letter to that person from the person's tenant.
create policy of_its_persons on letters for select
    using (person_tenant_id = (select kalisecu_tenant()) and (select kalisecu_sees_restricted()));
create policy of_its_persons_update on letters for update
    using (person_tenant_id = (select kalisecu_tenant()) and (select kalisecu_sees_restricted()));
create policy of_its_persons_delete on letters for delete
    using (person_tenant_id = (select kalisecu_tenant()) and (select kalisecu_sees_restricted()));
-- Of a restricted person's letters the delivery workers see those that the law demands, everybody else none. Writing one is
-- free: it is hidden as soon as it stands.
create policy restriction on letters as restrictive
    to kalisecu_server, kalisecu_retention, kalisecu_backup, kalisecu_breach
    using (restrict_time is null or (select kalisecu_sees_restricted())) with check (true);
create policy restriction_but_duties on letters as restrictive to kalisecu_delivery
    using (restrict_time is null or nature = 'Required' or (select kalisecu_sees_restricted())) with check (true);
grant select, insert on letters to kalisecu_server, kalisecu_retention, kalisecu_backup, kalisecu_breach;
-- Who wrote what to whom is never changed: staff retry and mark as come back, delivery claims and records, rights hide.
grant update (state, state_reason, next_time, attempt_count, bounce_time, restrict_time) on letters to kalisecu_server;
grant select, insert on letters to kalisecu_delivery;
grant update (state, state_reason, next_time, attempt_count, claim_time, send_time, secret) on letters to kalisecu_delivery;
grant update (state, state_reason, secret, restrict_time), delete on letters to kalisecu_retention;
