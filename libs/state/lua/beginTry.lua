-- A worker claims a try. The table of answers is in docs/explanation/architecture.md.
--
-- KEYS  run      hash
--       tasks    hash: task id -> state|gen|try|epoch|infra|json
--       stops    hash: task id -> generation
--       live     set
--       inbox    list
--       history  list
--       events   stream
-- ARGV  runId
--       taskId
--       gen      of the job
--       try      the job's own
--       epoch    of the activation
--       worker   JSON string
--       at       ms
--       entry    JSON for the history
-- returns {answer} | {answer, record} | {answer, record, state it was claimed in}
local run, tasks, stops, live, inbox, history, events = unpack(KEYS)
local runId, taskId, gen, try, epoch, worker, at, entry = unpack(ARGV)

local runNow = redis.call('HMGET', run, 'state', 'cancelAt', 'archive')
if not runNow[1] then return {'gone'} end
if runNow[3] then return {'archived'} end
local record = redis.call('HGET', tasks, taskId)
if not record then return {'early'} end

local state, knownGen, knownTry, knownEpoch, infra, json = string.match(record, '^([%a_]+)|(%d+)|(%d+)|(%d+)|(%d+)|(.*)$')
-- A stopped run still owes its teardowns.
local undoing = string.find(json, '"undoing":true', 1, true)
local cancelled = (runNow[2] and not undoing) or redis.call('HGET', stops, taskId) == gen
local newer = tonumber(gen) - tonumber(knownGen)
local ahead = tonumber(try) - tonumber(knownTry)
local later = tonumber(epoch) - tonumber(knownEpoch)

if newer < 0 then return {'stale', record} end
if newer > 0 then return {'early', record} end
-- It was cleared: another job will come for it.
if state == 'none' then return {'stale', record} end
if later == 0 and ahead == 0 and state == 'running' and string.find(json, '"worker":' .. worker, 1, true) then
  -- The same call once more: its connection broke before the answer arrived.
  return {cancelled and 'cancel' or 'ok', record}
end
if later <= 0 then return {'stale', record} end

local answer
if state == 'queued' or state == 'up_for_retry' then
  if ahead == 1 then answer = 'ok'
  elseif ahead == 0 and state == 'up_for_retry' then return {'replay', record}
  else return {'stale', record} end
elseif state == 'running' or state == 'restarting' or state == 'deferred' then
  if ahead ~= 0 then return {'stale', record} end
  answer = 'ok'
elseif state == 'failed' and ahead == 1 and not cancelled then
  answer = 'reopened'
else
  return {'done', record}
end
if cancelled then answer = 'cancel' end

-- formatTaskRecord puts these two first, in this order.
local queuedAt = string.match(json, '^{"queuedAt":(%d+)')
local floor = string.match(json, '"floor":(%d+)')
local startedAt = string.match(json, '^{"startedAt":(%d+)') or string.match(json, '^{"queuedAt":%d+,"startedAt":(%d+)')
if state == 'up_for_retry' or state == 'failed' then
  infra, startedAt = '0', nil
end
record = 'running|' .. gen .. '|' .. try .. '|' .. epoch .. '|' .. infra .. '|{'
  .. (queuedAt and ('"queuedAt":' .. queuedAt .. ',') or '')
  .. '"startedAt":' .. (startedAt or at) .. ',"worker":' .. worker .. (floor and (',"floor":' .. floor) or '')
  .. (undoing and ',"undoing":true' or '') .. '}'

redis.call('HSET', tasks, taskId, record)
-- A wait looks a thousand times: the history tells of its first look only.
if state ~= 'deferred' then
  redis.call('RPUSH', history, entry)
  redis.call('XADD', events, 'MAXLEN', '~', '100000', '*', 'run', runId, 'state', 'running', 'at', at, 'task', taskId)
end
if answer == 'reopened' then
  -- The run may have ended: whoever leads next must find it even if this entry is lost.
  redis.call('SADD', live, runId)
  redis.call('RPUSH', inbox, 'reopened\n' .. runId .. '\n' .. at .. '\n' .. taskId .. '\n' .. record)
end
return {answer, record, state}
