using Grpc.Core;
using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Tenancy;
using NodaTime;

namespace Kalisecu.Persons;

internal sealed class PersonService(Calls calls, ChangePerson changing, PersonReading reading, IClock clock)
    : V1.PersonService.PersonServiceBase
{
    public override Task<V1.RegisterPersonResponse> RegisterPerson(
        V1.RegisterPersonRequest request,
        ServerCallContext context
    )
    {
        var (kind, details) = PersonProto.Read(request);
        var actor = Caller.Of(context).Actor;
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var person = await changing.RegisterAsync(db, kind, details, actor, context.CancellationToken);
                return new V1.RegisterPersonResponse { PersonId = person.PersonId.ToString("D") };
            }
        );
    }

    public override Task<V1.GetPersonResponse> GetPerson(V1.GetPersonRequest request, ServerCallContext context)
    {
        var id = PersonProto.ReadId(request.PersonId);
        return reading.RunAsync(
            Caller.Of(context),
            async db =>
            {
                var person = await PersonReading.FindAsync(db, id, context.CancellationToken);
                var written = await reading.WriteAsync(db, person, context.CancellationToken);
                return new V1.GetPersonResponse { Person = written };
            },
            context.CancellationToken
        );
    }

    public override Task<V1.ListPersonsResponse> ListPersons(V1.ListPersonsRequest request, ServerCallContext context)
    {
        var violations = new Violations();
        var email = PersonProto.ReadEmail(request.Email, violations);
        var kinds = PersonProto.ReadKinds(request.Kinds, violations);
        var filter = request.Clone();
        filter.PageSize = 0;
        filter.PageToken = "";
        var page = PageRequest.Read(request.PageSize, request.PageToken, 2, filter, violations);
        violations.ThrowIfAny();
        return reading.RunAsync(
            Caller.Of(context),
            async db =>
            {
                var found = await reading.ListAsync(db, email, kinds, page, context.CancellationToken);
                var response = new V1.ListPersonsResponse
                {
                    NextPageToken = PageKeys.Next(page, found, p => p.CreateTime, p => p.PersonId),
                };
                foreach (var person in found.Take(page.Size))
                {
                    response.Persons.Add(await reading.WriteAsync(db, person, context.CancellationToken));
                }

                return response;
            },
            context.CancellationToken
        );
    }

    public override Task<V1.UpdatePersonResponse> UpdatePerson(
        V1.UpdatePersonRequest request,
        ServerCallContext context
    )
    {
        var (id, change) = PersonProto.Read(request);
        var actor = Caller.Of(context).Actor;
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var person = await changing.UpdateAsync(db, id, change, request.Etag, actor, context.CancellationToken);
                var written = await reading.WriteAsync(db, person, context.CancellationToken);
                return new V1.UpdatePersonResponse { Person = written };
            }
        );
    }

    public override Task<V1.RecordContactResponse> RecordContact(
        V1.RecordContactRequest request,
        ServerCallContext context
    )
    {
        var (id, time) = PersonProto.Read(request, clock.GetCurrentInstant());
        var actor = Caller.Of(context).Actor;
        return calls.ChangeAsync(
            context,
            request,
            request.RequestId,
            async db =>
            {
                var kind = request.Kind.ToString();
                var person = await changing.ContactedAsync(db, id, time, kind, actor, context.CancellationToken);
                return new V1.RecordContactResponse { ContactTime = Fields.Write(person.ContactTime ?? time) };
            }
        );
    }
}
