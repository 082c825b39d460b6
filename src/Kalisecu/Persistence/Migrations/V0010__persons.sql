-- Whoever data is held about. Members and staff have their names in their own tables and stand here to be found; prospects
-- and contacts have theirs here, sealed. An erased person leaves the identifier alone, which its certificate names.
-- Staff, prospects and contacts without tenant stand under the identifier of all ones. A request for one's data is looked up
-- by the hash of an address before any tenant is known, so the table may be searched platform-wide (AllTenants.cs).

create table persons (
    tenant_id uuid not null,
    person_id uuid not null,
    kind text not null,
    email_hash bytea,
    language text not null,
    email bytea,
    first_name bytea,
    last_name bytea,
    function bytea,
    phone bytea,
    company_name bytea,
    company_address bytea,
    website_url bytea,
    technologies bytea,
    create_time timestamptz not null,
    contact_time timestamptz,
    restrict_time timestamptz,
    erase_time timestamptz,
    constraint pk_persons primary key (tenant_id, person_id),
    constraint ck_persons_kind check (kind in ('Member', 'Staff', 'Prospect', 'Contact')),
    constraint ck_persons_language check (language in ('Fr', 'En')),
    constraint ck_persons_email_hash check (octet_length(email_hash) = 32),
    -- Nobody is found by what was erased, and nobody stays whom no address finds.
    constraint ck_persons_erase_time check ((erase_time is null) = (email_hash is not null)),
    -- Clause RET-1 counts from the last contact that came from the prospect; the first is the request itself.
    constraint ck_persons_contact_time check (kind <> 'Prospect' or contact_time is not null)
);
create index ix_persons_email_hash on persons (email_hash) where email_hash is not null;
create index ix_persons_create_time on persons (create_time, person_id);
create index ix_persons_contact_time on persons (contact_time) where kind = 'Prospect' and erase_time is null;
alter table persons enable row level security;
alter table persons force row level security;
create policy tenant_isolation on persons
    using (tenant_id = (select kalisecu_tenant()) or (select kalisecu_all_tenants()));
create policy restriction on persons as restrictive
    using (restrict_time is null or (select kalisecu_sees_restricted()));
grant select, insert, update on persons to kalisecu_server;
grant select, update, delete on persons to kalisecu_retention;
grant select on persons to kalisecu_delivery, kalisecu_breach;
create index ix_persons_restrict_time on persons (person_id) where restrict_time is not null;

-- A letter to a restricted person, whoever writes it, is hidden like the person; what no law demands is not sent.
create function kalisecu_restrict_letter() returns trigger
    language plpgsql security definer set search_path = public, pg_temp as $$
declare
    seen text := coalesce(current_setting('kalisecu.sees_restricted', true), '');
    everywhere text := coalesce(current_setting('kalisecu.all_tenants', true), '');
begin
    perform set_config('kalisecu.sees_restricted', 'on', true), set_config('kalisecu.all_tenants', 'on', true);
    select p.restrict_time into new.restrict_time from persons p
    where p.tenant_id = new.person_tenant_id and p.person_id = new.person_id;
    perform set_config('kalisecu.sees_restricted', seen, true), set_config('kalisecu.all_tenants', everywhere, true);
    if new.restrict_time is not null and new.nature <> 'Required' then
        new.state := 'Suppressed';
        new.state_reason := 'person_restricted';
    end if;
    return new;
end $$;
create trigger letters_of_restricted_persons before insert on letters
    for each row when (new.person_id is not null) execute function kalisecu_restrict_letter();

-- Whether somebody under restriction has this address there: normal work does not see them, and must not make them anew.
create function kalisecu_is_restricted(of_tenant uuid, hash bytea) returns boolean
    language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    seen text := coalesce(current_setting('kalisecu.sees_restricted', true), '');
    found boolean;
begin
    perform set_config('kalisecu.sees_restricted', 'on', true);
    select exists (select from persons
        where tenant_id = of_tenant and email_hash = hash and restrict_time is not null) into found;
    perform set_config('kalisecu.sees_restricted', seen, true);
    return found;
end $$;
revoke execute on function kalisecu_is_restricted(uuid, bytea) from public;
grant execute on function kalisecu_is_restricted(uuid, bytea) to kalisecu_server;

-- Who is restricted, as policies of tables need it whose rows cannot be marked: asked once a statement.
create function kalisecu_restricted_persons() returns uuid[]
    language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
    seen text := coalesce(current_setting('kalisecu.sees_restricted', true), '');
    everywhere text := coalesce(current_setting('kalisecu.all_tenants', true), '');
    found uuid[];
begin
    perform set_config('kalisecu.sees_restricted', 'on', true), set_config('kalisecu.all_tenants', 'on', true);
    select coalesce(array_agg(person_id), '{}') into found from persons where restrict_time is not null;
    perform set_config('kalisecu.sees_restricted', seen, true), set_config('kalisecu.all_tenants', everywhere, true);
    return found;
end $$;
revoke execute on function kalisecu_restricted_persons() from public;
grant execute on function kalisecu_restricted_persons() to kalisecu_server, kalisecu_retention;

-- The access log is append-only and chained: no row of it is ever marked.
create policy restriction on access_entries as restrictive for select
    using (person_id is null or (select kalisecu_sees_restricted())
        or person_id <> all ((select kalisecu_restricted_persons())::uuid[]));
