using Kalisecu.Errors;
using Kalisecu.Persistence;
using Kalisecu.Persons;
using NodaTime.Text;
using V1 = Kalisecu.PrivacyRequests.V1;

namespace Kalisecu.Rights;

internal static class ErasureProto
{
    public static V1.Erasure Write(Erasure erasure, IEnumerable<ErasureStep> steps, string heldBy = "")
    {
        var message = new V1.Erasure
        {
            ErasureId = erasure.ErasureId.ToString("D"),
            PrivacyRequestId = erasure.PrivacyRequestId.ToString("D"),
            PersonId = erasure.PersonId.ToString("D"),
            State = erasure.State switch
            {
                ErasureState.Planned => V1.ErasureState.Planned,
                ErasureState.Cancelled => V1.ErasureState.Cancelled,
                ErasureState.Approved => V1.ErasureState.Approved,
                ErasureState.Running => V1.ErasureState.Running,
                ErasureState.Completed => V1.ErasureState.Completed,
                _ => throw new InvalidOperationException($"No state: {erasure.State}"),
            },
            IsReplay = erasure.IsReplay,
            PlanTime = Fields.Write(erasure.PlanTime),
            AttemptCount = (uint)erasure.AttemptCount,
            FailedStore = erasure.FailedStore ?? "",
            Etag = Etag.Write(erasure.Version),
            HeldBy = heldBy,
        };
        message.Steps.AddRange(steps.Select(Write));
        if (erasure.ApproveTime is { } approved)
        {
            message.ApproveTime = Fields.Write(approved);
        }

        if (erasure.BeginTime is { } begun)
        {
            message.BeginTime = Fields.Write(begun);
        }

        if (erasure.CompleteTime is { } completed)
        {
            message.CompleteTime = Fields.Write(completed);
        }

        if (erasure.NextTime is { } next)
        {
            message.NextTime = Fields.Write(next);
        }

        return message;
    }

    private static V1.ErasureStep Write(ErasureStep step)
    {
        var message = new V1.ErasureStep
        {
            Store = step.Store,
            PlannedCount = (uint)step.PlannedCount,
            ErasedCount = (uint)(step.ErasedCount ?? 0),
        };
        message.PlannedKept.AddRange(KeptJson.Read(step.PlannedKept).Select(Write));
        message.Kept.AddRange(KeptJson.Read(step.Kept).Select(Write));
        if (step.CompleteTime is { } completed)
        {
            message.CompleteTime = Fields.Write(completed);
        }

        return message;
    }

    private static V1.KeptData Write(KeptRows kept) =>
        new()
        {
            Count = (uint)kept.Count,
            Exception = kept.Exception,
            UntilDate = kept.Until is { } until ? LocalDatePattern.Iso.Format(until) : "",
        };
}
