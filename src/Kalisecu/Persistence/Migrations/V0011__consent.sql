-- For which purposes data is processed, in which words people were told, and what each person once said about it.

-- Not a tenant's: the purposes are the platform's. A version never changes, because events name it.
create table purpose_versions (
    purpose text not null,
    version integer not null,
    legal_basis text not null,
    title_fr text not null,
    text_fr text not null,
    retention_fr text not null,
    digest_fr bytea not null,
    title_en text not null,
    text_en text not null,
    retention_en text not null,
    digest_en bytea not null,
    data_categories text[] not null,
    recipients text[] not null,
    consent_months integer not null,
    create_time timestamptz not null,
    actor text not null,
    constraint pk_purpose_versions primary key (purpose, version),
    constraint ck_purpose_versions_purpose check (purpose ~ '^[a-z][a-z0-9_]{1,39}$'),
    constraint ck_purpose_versions_version check (version >= 1),
    constraint ck_purpose_versions_legal_basis
        check (legal_basis in ('Consent', 'Contract', 'LegalObligation', 'LegitimateInterest')),
    constraint ck_purpose_versions_consent_months
        check (consent_months between 0 and 120 and (consent_months = 0 or legal_basis = 'Consent')),
    constraint ck_purpose_versions_digest check (octet_length(digest_fr) = 32 and octet_length(digest_en) = 32)
);
grant select, insert on purpose_versions to kalisecu_server;
grant select on purpose_versions to kalisecu_retention, kalisecu_delivery, kalisecu_breach;
create trigger purpose_versions_are_insert_only before update or delete or truncate on purpose_versions
    for each statement execute function refuse_change();

-- The ledger. It holds no name and no address: the identifier of a person alone, which says nothing of whoever was erased.
create table consent_events (
    tenant_id uuid not null,
    event_id uuid not null,
    person_id uuid not null,
    purpose text not null,
    number integer not null,
    kind text not null,
    text_version integer not null,
    text_digest bytea not null,
    language text not null,
    channel text not null,
    event_time timestamptz not null,
    record_time timestamptz not null,
    expire_time timestamptz,
    actor text not null,
    digest bytea not null,
    constraint pk_consent_events primary key (tenant_id, event_id),
    -- Numbered without gap: two calls at once cannot both be the next, and an event that was taken away is missed.
    constraint ux_consent_events_number unique (tenant_id, person_id, purpose, number),
    constraint ck_consent_events_number check (number >= 1),
    constraint ck_consent_events_kind check (kind in ('Given', 'Refused', 'Withdrawn', 'Expired', 'Objected', 'Resumed')),
    constraint ck_consent_events_language check (language in ('Fr', 'En')),
    constraint ck_consent_events_channel
        check (channel in ('Dashboard', 'Paper', 'Phone', 'Email', 'Link', 'System')),
    constraint ck_consent_events_event_time check (event_time <= record_time),
    constraint ck_consent_events_expire_time check (expire_time is null or kind = 'Given'),
    constraint ck_consent_events_digest check (octet_length(digest) = 32 and octet_length(text_digest) = 32)
);
-- A person's history, newest first, of all purposes or of one.
create index ix_consent_events_person on consent_events (tenant_id, person_id, event_time, number, event_id);
alter table consent_events enable row level security;
alter table consent_events force row level security;
create policy tenant_isolation on consent_events using (tenant_id = (select kalisecu_tenant()));
-- Their proof no longer needed, they go whoever's they are.
create policy to_be_swept on consent_events to kalisecu_retention
    using ((select kalisecu_all_tenants()) or tenant_id = (select kalisecu_tenant()));
-- Normal work neither sees nor adds to what is kept about somebody who is restricted or erased, or whom nobody knows.
create policy restriction on consent_events as restrictive
    using ((select kalisecu_sees_restricted()) or exists (
        select from persons p
        where p.tenant_id = consent_events.tenant_id and p.person_id = consent_events.person_id and p.erase_time is null));
grant select, insert on consent_events to kalisecu_server, kalisecu_retention, kalisecu_delivery;
grant delete on consent_events to kalisecu_retention;

-- Even the owner does not change what was said. It goes when the proof is no longer needed, by the role that deletes alone.
create function refuse_consent_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_user = 'kalisecu_retention' then
        return old;
    end if;
    raise exception 'rows of % are never changed', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger consent_events_are_insert_only before update or delete on consent_events
    for each row execute function refuse_consent_change();
create trigger consent_events_are_not_emptied before truncate on consent_events
    for each statement execute function refuse_change();

-- What the newest event of each person and purpose says: asked before every use of data, so one row and no search. It moves
-- in the transaction of the event and equals a replay of the ledger.
create table consent_states (
    tenant_id uuid not null,
    person_id uuid not null,
    purpose text not null,
    event_id uuid not null,
    number integer not null,
    kind text not null,
    text_version integer not null,
    event_time timestamptz not null,
    expire_time timestamptz,
    constraint pk_consent_states primary key (tenant_id, person_id, purpose)
) with (fillfactor = 90);
-- What ran out and is not recorded as expired yet.
create index ix_consent_states_expire_time on consent_states (expire_time) where kind = 'Given' and expire_time is not null;
alter table consent_states enable row level security;
alter table consent_states force row level security;
-- The job that records expiries finds them in every tenant (AllTenants.cs), and records each in its own.
create policy tenant_isolation on consent_states
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
create policy restriction on consent_states as restrictive
    using ((select kalisecu_sees_restricted()) or exists (
        select from persons p
        where p.tenant_id = consent_states.tenant_id and p.person_id = consent_states.person_id and p.erase_time is null));
grant select, insert, update on consent_states to kalisecu_server, kalisecu_retention, kalisecu_delivery;
grant delete on consent_states to kalisecu_retention;

-- Clauses DATA-4 and DATA-5 of the policy of 4 May 2026, and direct marketing, for which somebody must have been asked.
insert into purpose_versions (purpose, version, legal_basis, title_fr, text_fr, retention_fr, digest_fr, title_en, text_en,
    retention_en, digest_en, data_categories, recipients, consent_months, create_time, actor)
select purpose, 1, legal_basis,
    title_fr, text_fr, retention_fr, sha256(convert_to(concat(title_fr, e'\n', text_fr, e'\n', retention_fr, e'\n'), 'UTF8')),
    title_en, text_en, retention_en, sha256(convert_to(concat(title_en, e'\n', text_en, e'\n', retention_en, e'\n'), 'UTF8')),
    data_categories, recipients, consent_months, '2026-05-04 00:00:00+02', 'seed'
from (values
    ('service', 'Contract', 'Exécution du service',
        'Nous utilisons vos données pour réaliser l''audit ou la surveillance de votre site et vous remettre le rapport.',
        'La durée du contrat ; les rapports et données techniques, 12 mois après la fin de l''abonnement.',
        'Performing the service',
        'We use your data to audit or monitor your website and to hand you the report.',
        'As long as the contract runs; reports and technical data for 12 months after the subscription ends.',
        array['identity', 'contact', 'professional', 'credentials', 'activity'],
        array['OVH SAS', 'Scaleway SAS', 'Yousign SAS'], 0),
    ('invoicing', 'LegalObligation', 'Facturation',
        'Nous utilisons vos données pour établir et conserver les factures, comme la loi l''exige.',
        'Dix ans à compter de la clôture de l''exercice (art. L123-22 du Code de commerce).',
        'Invoicing',
        'We use your data to issue invoices and to keep them, as the law demands.',
        'Ten years from the close of the financial year (French Commercial Code, art. L123-22).',
        array['identity', 'contact', 'professional'],
        array['OVH SAS', 'Scaleway SAS', 'Stripe Payments Europe Ltd'], 0),
    ('communication', 'Contract', 'Communication contractuelle',
        'Nous utilisons vos coordonnées pour vous écrire au sujet de votre contrat : invitations, rapports, changements.',
        'La durée du contrat.',
        'Contractual communication',
        'We use your contact details to write to you about your contract: invitations, reports, changes.',
        'As long as the contract runs.',
        array['identity', 'contact'],
        array['OVH SAS', 'Scaleway SAS', 'Brevo SAS'], 0),
    ('support', 'Contract', 'Assistance',
        'Nous utilisons vos données pour répondre à vos questions et résoudre vos difficultés.',
        'La durée du contrat.',
        'Support',
        'We use your data to answer your questions and to solve your difficulties.',
        'As long as the contract runs.',
        array['identity', 'contact', 'activity'],
        array['OVH SAS', 'Scaleway SAS', 'Brevo SAS'], 0),
    ('improvement', 'LegitimateInterest', 'Amélioration du service',
        'Nous étudions comment le service est utilisé afin de l''améliorer. Vous pouvez vous y opposer à tout moment.',
        '12 mois au plus.',
        'Improving the service',
        'We study how the service is used in order to improve it. You may object at any time.',
        '12 months at most.',
        array['activity'],
        array['OVH SAS', 'Scaleway SAS'], 0),
    ('security', 'LegitimateInterest', 'Sécurité de la plateforme',
        'Nous conservons des journaux techniques pour protéger la plateforme et prévenir la fraude.',
        '12 mois au plus.',
        'Security of the platform',
        'We keep technical logs to protect the platform and to prevent fraud.',
        '12 months at most.',
        array['connection', 'activity'],
        array['OVH SAS', 'Scaleway SAS'], 0),
    ('direct_marketing', 'Consent', 'Prospection commerciale',
        'J''accepte de recevoir par e-mail les offres et les actualités de Kalisecu. Je peux retirer mon accord à tout moment, aussi simplement que je l''ai donné.',
        'Jusqu''au retrait de l''accord, au plus trois ans.',
        'Direct marketing',
        'I agree to receive offers and news of Kalisecu by e-mail. I can take my consent back at any time, as easily as I gave it.',
        'Until the consent is taken back, three years at most.',
        array['identity', 'contact'],
        array['OVH SAS', 'Scaleway SAS', 'Brevo SAS'], 36)
) as seed (purpose, legal_basis, title_fr, text_fr, retention_fr, title_en, text_en, retention_en, data_categories,
    recipients, consent_months);
