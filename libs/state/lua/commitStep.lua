-- The leader writes one step of a run as a whole.
--
-- KEYS  leader   string
--       run      hash
--       tasks    hash
--       tries    hash
--       outputs  hash
--       history  list
--       notes    hash
--       live     set
--       outbox   hash: job id -> order
--       events   stream
-- ARGV  token        the leader's
--       runId
--       fromRev      revision the step started from
--       rev          revision after the step
--       state        the run's, after the step
--       startedAt    ms, or empty
--       endedAt      ms, or empty
--       at           ms
--       retentionMs  ms that the run is kept, or empty while it has not ended
--       changeCount
--       orderCount
--       changes, orders, entries...
--                    changeCount times: task id, states it may be in as ,a,b, - state after, record after
--                    orderCount times: job id, JSON
--                    the rest: JSON for the history
-- returns {'committed', skipped task ids...} | {'conflict'} | {'not-leader'}
local leader, run, tasks, tries, outputs, history, notes, live, outbox, events = unpack(KEYS)
local token, runId, fromRev, rev, state, startedAt, endedAt, at, retentionMs, changeCount, orderCount = unpack(ARGV, 1, 11)
local firstChange, firstOrder = 12, 12 + 4 * changeCount
local firstEntry = firstOrder + 2 * orderCount

if redis.call('GET', leader) ~= token then return {'not-leader'} end
local runNow = redis.call('HMGET', run, 'rev', 'state')
if runNow[1] ~= fromRev then return {'conflict'} end

local answer = {'committed'}
local apply = {}
for i = firstChange, firstOrder - 1, 4 do
  local known = redis.call('HGET', tasks, ARGV[i])
  local stateNow = known and string.match(known, '^[%a_]+') or 'none'
  if string.find(ARGV[i + 1], ',' .. stateNow .. ',', 1, true) then
    apply[#apply + 1] = i
  else
    answer[#answer + 1] = ARGV[i]
  end
end
-- A run must not end over a task that is somewhere else than the leader believes.
if retentionMs ~= '' and #answer > 1 then return {'conflict'} end

for _, i in ipairs(apply) do
  redis.call('HSET', tasks, ARGV[i], ARGV[i + 3])
  redis.call('XADD', events, 'MAXLEN', '~', '100000', '*', 'run', runId, 'state', ARGV[i + 2], 'at', at, 'task', ARGV[i])
end
for i = firstOrder, firstEntry - 1, 2 do
  redis.call('HSET', outbox, ARGV[i], ARGV[i + 1])
end
for i = firstEntry, #ARGV do
  redis.call('RPUSH', history, ARGV[i])
end
redis.call('HSET', run, 'rev', rev, 'state', state, 'startedAt', startedAt, 'endedAt', endedAt)
if state ~= runNow[2] then
  redis.call('XADD', events, 'MAXLEN', '~', '100000', '*', 'run', runId, 'state', state, 'at', at)
end

local hasEnded = runNow[2] ~= 'queued' and runNow[2] ~= 'running'
if retentionMs ~= '' then
  redis.call('SREM', live, runId)
  for _, key in ipairs({run, tasks, tries, outputs, history, notes}) do redis.call('PEXPIRE', key, retentionMs) end
elseif hasEnded then
  redis.call('SADD', live, runId)
  for _, key in ipairs({run, tasks, tries, outputs, history, notes}) do redis.call('PERSIST', key) end
end
return answer
