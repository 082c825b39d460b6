-- The privacy policy: every version as it was published, and who was told of it.

create table policy_versions (
    number integer not null,
    state text not null,
    effect_date date not null,
    substantial boolean not null,
    text_fr text not null,
    text_en text not null,
    summary_fr text not null,
    summary_en text not null,
    clause_ids text[] not null,
    create_time timestamptz not null,
    publish_time timestamptz,
    digest bytea,
    recipient_count integer not null default 0,
    constraint pk_policy_versions primary key (number),
    constraint ck_policy_versions_number check (number >= 1),
    constraint ck_policy_versions_state check (state in ('Draft', 'Published', 'Discarded')),
    constraint ck_policy_versions_publish_time check ((state = 'Published') = (publish_time is not null)),
    constraint ck_policy_versions_digest check ((state = 'Published') = (digest is not null) and octet_length(digest) = 32)
);
-- Two versions never apply from the same day on.
create unique index ux_policy_versions_effect_date on policy_versions (effect_date) where state = 'Published';
grant select, insert, update on policy_versions to kalisecu_server;
grant select on policy_versions to kalisecu_delivery, kalisecu_retention;

create function refuse_policy_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and old.state = 'Draft' then
        return new;
    end if;
    raise exception 'version % of the policy is %: it never changes', old.number, old.state
        using errcode = 'restrict_violation';
end $$;
create trigger policy_versions_stay_as_published before update or delete on policy_versions
    for each row execute function refuse_policy_change();
create trigger policy_versions_are_not_emptied before truncate on policy_versions
    for each statement execute function refuse_change();

-- One row for each member who was written to about a version; the letter itself says what became of it. Written for all
-- tenants at once when a version is published (AllTenants.cs).
create table policy_notices (
    tenant_id uuid not null,
    number integer not null,
    member_id uuid not null,
    letter_id uuid not null,
    create_time timestamptz not null,
    constraint pk_policy_notices primary key (tenant_id, number, member_id)
);
create index ix_policy_notices_number on policy_notices (number, tenant_id, member_id);
alter table policy_notices enable row level security;
alter table policy_notices force row level security;
create policy tenant_isolation on policy_notices
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
grant select, insert on policy_notices to kalisecu_server;
grant select, delete on policy_notices to kalisecu_retention;
grant select on policy_notices to kalisecu_delivery;
